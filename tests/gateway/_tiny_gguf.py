"""Makes a language model that knows nothing: two layers of llama's architecture with drawn weights, always the same, in
llama.cpp's file format (github.com/ggml-org/ggml/blob/master/docs/gguf.md). What it says is noise; under a grammar it is
noise that keeps a schema. Its words are letters, pairs of letters and bytes.

    python _tiny_gguf.py FILE
"""
import random
import struct
import sys
from array import array

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 16384
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
LETTERS = "abcdefghijklmnopqrstuvwxyz"
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, ALIGNMENT = 0, 32
TEMPLATE = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"


def vocabulary():
    """Pieces of text with their scores (higher ones are joined first) and kinds."""
    pieces = [("<unk>", 0.0, UNKNOWN), ("<s>", 0.0, CONTROL), ("</s>", 0.0, CONTROL)]
    pieces += [(f"<0x{byte:02X}>", 0.0, BYTE) for byte in range(256)]
    signs = ["\u2581" if code == 32 else chr(code) for code in range(32, 127)]
    pairs = [first + second for first in "\u2581" + LETTERS for second in LETTERS]
    return pieces + [(text, -1000.0 - n, NORMAL) for n, text in enumerate(signs)] + [(text, -float(n), NORMAL) for n, text in enumerate(pairs)]


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def field(name, kind, value, inner=None):
    pack = {UINT32: lambda v: struct.pack("<I", v), INT32: lambda v: struct.pack("<i", v), FLOAT32: lambda v: struct.pack("<f", v),
            BOOL: lambda v: struct.pack("<?", v), STRING: text}
    head = text(name) + struct.pack("<I", kind)
    if kind != ARRAY:
        return head + pack[kind](value)
    return head + struct.pack("<IQ", inner, len(value)) + b"".join(map(pack[inner], value))


def tensors(words):
    """Names and shapes, the longest stride last."""
    yield "token_embd.weight", (WIDTH, words)
    yield "output.weight", (WIDTH, words)
    yield "output_norm.weight", (WIDTH,)
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            yield f"blk.{layer}.{name}.weight", (WIDTH,)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"blk.{layer}.{name}.weight", (WIDTH, WIDTH)
        yield f"blk.{layer}.ffn_gate.weight", (WIDTH, INNER)
        yield f"blk.{layer}.ffn_up.weight", (WIDTH, INNER)
        yield f"blk.{layer}.ffn_down.weight", (INNER, WIDTH)


def make(path, seed=7):
    draw, words = random.Random(seed), vocabulary()
    size = lambda name, value: field(f"llama.{name}", UINT32, value)
    token = lambda name, value: field(f"tokenizer.ggml.{name}", UINT32, value)
    fields = [
        field("general.architecture", STRING, "llama"), field("general.name", STRING, "tiny-random"), field("general.file_type", UINT32, 0),
        size("context_length", CONTEXT), size("embedding_length", WIDTH), size("block_count", LAYERS), size("feed_forward_length", INNER),
        size("attention.head_count", HEADS), size("attention.head_count_kv", HEADS), size("rope.dimension_count", WIDTH // HEADS),
        size("vocab_size", len(words)), field("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
        field("tokenizer.ggml.model", STRING, "llama"), field("tokenizer.ggml.tokens", ARRAY, [w[0] for w in words], STRING),
        field("tokenizer.ggml.scores", ARRAY, [w[1] for w in words], FLOAT32), field("tokenizer.ggml.token_type", ARRAY, [w[2] for w in words], INT32),
        token("unknown_token_id", 0), token("bos_token_id", 1), token("eos_token_id", 2),
        field("tokenizer.ggml.add_bos_token", BOOL, True), field("tokenizer.ggml.add_space_prefix", BOOL, True),
        field("tokenizer.chat_template", STRING, TEMPLATE)]
    index, data = [], bytearray()
    for name, shape in tensors(len(words)):
        index.append(text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, F32, len(data)))
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = array("f", [1.0] * count if len(shape) == 1 else [draw.gauss(0, 0.05) for _ in range(count)])
        if sys.byteorder == "big":
            values.byteswap()
        data += values.tobytes()
        data += bytes(-len(data) % ALIGNMENT)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(index), len(fields)) + b"".join(fields) + b"".join(index)
    with open(path, "wb") as file:
        file.write(head + bytes(-len(head) % ALIGNMENT) + data)


if __name__ == "__main__":
    make(sys.argv[1])
