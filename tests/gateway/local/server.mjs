// A real model in llama.cpp behind an OpenAI-compatible endpoint. With the file that `_tiny_gguf.py` makes, what it says is
// noise, unless a JSON schema constrains it: then it is noise that keeps the schema.
//
//     node server.mjs MODEL.gguf        says `ready PORT`; ends with 3 where there is no llama.cpp for this machine
//
// llama.cpp comes with node-llama-cpp (MIT, github.com/withcatai/node-llama-cpp).
import http from "node:http";
import { LlamaGrammarEvaluationState, NoBinaryFoundError, TokenBias, getLlama } from "node-llama-cpp";

const CONTEXT = 16384;
const LONGEST_ANSWER = 15000;
// Signs that end something are likelier than their share of the vocabulary, or a word would have three hundred letters.
const ENDING = ['"', "}", "]", " ", "."];

const llama = await getLlama({ build: "never", gpu: false, progressLogs: false, logLevel: "error", maxThreads: 1 }).catch((error) => {
  console.error(String(error));
  process.exit(error instanceof NoBinaryFoundError ? 3 : 1);
});
const model = await llama.loadModel({ modelPath: process.argv[2] });
const context = await model.createContext({ contextSize: CONTEXT, threads: 1, batchSize: 512 });
const sequence = context.getSequence();
const embedder = await model.createEmbeddingContext({ contextSize: 2048, threads: 1 });
const bias = new TokenBias(model.tokenizer);
const endless = new TokenBias(model.tokenizer);
for (const sign of ENDING) for (const token of model.tokenize(sign)) for (const one of [bias, endless]) one.set(token, 0.9);
// Without a grammar it goes on until it is stopped, so that a test knows how long an answer is.
endless.set(model.tokens.eos, "never");
const grammars = new Map();
// What was answered, in the server's own count.
const log = [];

const fault = (status, message, code = null) => Object.assign(new Error(message), { status, code });

async function grammarFor(schema) {
  const key = JSON.stringify(schema);
  if (!grammars.has(key)) grammars.set(key, await llama.createGrammarForJsonSchema(schema));
  return grammars.get(key);
}

function promptOf(messages) {
  const said = (content) => (typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join(""));
  return messages.map((message) => `${message.role}: ${said(message.content)}\n`).join("") + "assistant: ";
}

/** The pieces of an answer as they are made; the last one says why it ended. */
async function* speak(question, tokens, isGone) {
  const most = Math.min(question.max_tokens ?? question.max_completion_tokens ?? 256, LONGEST_ANSWER);
  if (tokens.length + most > CONTEXT)
    throw fault(400, `This model's maximum context length is ${CONTEXT} tokens. However, you requested ${tokens.length + most} tokens.`, "context_length_exceeded");
  const options = { temperature: question.temperature ?? 0.8, seed: question.seed ?? 1, tokenBias: endless };
  const form = question.response_format;
  if (form?.type === "json_schema") {
    const grammar = await grammarFor(form.json_schema.schema);
    options.grammarEvaluationState = new LlamaGrammarEvaluationState({ model, grammar });
    options.tokenBias = bias;
  }
  await sequence.clearHistory();
  const made = [];
  let said = 0;
  for await (const token of sequence.evaluate(tokens, options)) {
    if (isGone()) return yield { reason: "gone", output: made.length };
    if (model.isEogToken(token)) return yield { reason: "stop", output: made.length };
    made.push(token);
    const text = model.detokenize(made);
    // A letter of several bytes is said when all of them are there.
    if (!text.endsWith("\ufffd") || made.length >= most) {
      yield { text: text.slice(said) };
      said = text.length;
    }
    if (made.length >= most) return yield { reason: "length", output: made.length };
    // That a listener has gone is heard of between two turns of the loop.
    if (made.length % 16 === 0) await new Promise(setImmediate);
  }
  yield { reason: "stop", output: made.length };
}

async function chat(question, response) {
  if (!question.messages?.length) throw fault(400, "Missing required parameter: 'messages'.");
  const tokens = model.tokenize(promptOf(question.messages));
  const base = { id: `chatcmpl-${log.length}`, created: Math.floor(Date.now() / 1000), model: "tiny-random" };
  const chunk = (more) => response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", ...more })}\n\n`);
  const choice = (delta, finish_reason = null) => ({ choices: [{ index: 0, delta, finish_reason }] });
  let [text, end] = ["", null];
  for await (const piece of speak(question, tokens, () => response.destroyed)) {
    if (piece.reason) end = piece;
    else text += piece.text;
    if (!question.stream) continue;
    if (!response.headersSent) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      chunk(choice({ role: "assistant", content: "" }));
    }
    chunk(piece.reason ? choice({}, piece.reason) : choice({ content: piece.text }));
  }
  const usage = { prompt_tokens: tokens.length, completion_tokens: end.output, total_tokens: tokens.length + end.output };
  log.push({ stream: question.stream === true, schema: question.response_format?.type === "json_schema", input: tokens.length, output: end.output, reason: end.reason });
  if (end.reason === "gone") return;
  if (!question.stream)
    return send(response, 200, { ...base, object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: text.trim() }, finish_reason: end.reason }], usage });
  if (question.stream_options?.include_usage) chunk({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

async function embed(question, response) {
  const inputs = Array.isArray(question.input) ? question.input : [question.input];
  const data = [];
  for (const [index, input] of inputs.entries()) data.push({ object: "embedding", index, embedding: [...(await embedder.getEmbeddingFor(input)).vector] });
  const tokens = inputs.reduce((sum, input) => sum + model.tokenize(input).length, 0);
  send(response, 200, { object: "list", model: "tiny-random", data, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

function send(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

async function answer(request, response, body) {
  try {
    let question;
    try {
      question = JSON.parse(body);
    } catch {
      throw fault(400, "broken JSON");
    }
    await (request.url.endsWith("/embeddings") ? embed : chat)(question, response);
  } catch (error) {
    if (response.headersSent) return response.destroy();
    const status = error.status ?? 500;
    send(response, status, { error: { message: error.message, type: status < 500 ? "invalid_request_error" : "server_error", param: null, code: error.code ?? null } });
  }
}

// There is one sequence: questions are answered one after another.
let last = Promise.resolve();
const server = http.createServer((request, response) => {
  if (request.url === "/log") return send(response, 200, log);
  if (request.method === "GET") return send(response, 200, { object: "list", data: [{ id: "tiny-random", object: "model", created: 0, owned_by: "local" }] });
  const parts = [];
  request.on("data", (part) => parts.push(part)).on("end", () => {
    last = last.then(() => answer(request, response, Buffer.concat(parts).toString()));
  });
});
server.listen(0, "127.0.0.1", () => console.log(`ready ${server.address().port}`));
