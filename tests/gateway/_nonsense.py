"""A model that answers nonsense of every kind, drawn from the question: what keeps the schema and says nothing, what does not
keep it, what is no JSON, what is cut off, what is empty or refused, and now and then an error instead."""
import json
import random
import zlib

SIGNS = "{}[]\":,abc \0\n\u202eé🎵<>`0"
LETTERS = "aaabcdeeefghiiijklmnooopqrstuuvwxyz     "
KINDS = ("kept", "kept", "kept", "kept", "kept", "signs", "half", "other", "empty", "long", "declines", "error")


def words(draw, least, most):
    least = max(1, least)
    return "".join(draw.choice(LETTERS) for _ in range(draw.randint(least, max(least, min(most, least + 60)))))


def kept(schema, draw):
    """Any value that keeps the schema."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        return {name: kept(inner, draw) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        least = schema.get("minItems", 0)
        return [kept(schema.get("items", {}), draw) for _ in range(draw.randint(least, max(least, min(schema.get("maxItems", 4), 12))))]
    if kind == "string":
        return words(draw, schema.get("minLength", 0), schema.get("maxLength", 60))
    if kind in ("integer", "number"):
        return draw.randint(int(schema.get("minimum", 0)), int(schema.get("maximum", 9)))
    return draw.random() < 0.5


def said(question):
    """Of which kind the answer is, and its text."""
    draw = random.Random(zlib.crc32((question["system"] + question["text"]).encode()))
    kind, valid = draw.choice(KINDS), json.dumps(kept(question["schema"] or {"type": "string"}, draw))
    if kind == "signs":
        return kind, "".join(draw.choice(SIGNS) for _ in range(draw.randrange(400)))
    if kind == "half":
        return kind, valid[: len(valid) // 2]
    if kind == "other":
        return kind, json.dumps({"answer": [None, {"nothing": words(draw, 1, 30)}]})
    if kind == "long":
        return kind, "la " * 40_000
    return kind, "" if kind in ("empty", "declines", "error") else valid
