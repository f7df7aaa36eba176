// A server of language models beside the program: it speaks as OpenAI's API does under /v1, and as Ollama's under /api.
import { createServer } from "node:http";

export const ANSWER = "A dominant seventh wants to go home.";

async function read(request) {
  let text = "";
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
}

/** Listens on this machine. It knows one key, and has the models that are named. */
export async function startModels({ key, models }) {
  const known = [...models];
  /** Ends the fetching of a model that goes on. */
  let finish = () => {};
  const send = (response, status, value) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  const openai = {
    "GET /v1/models": (_, response) => send(response, 200, { object: "list", data: known.map((id) => ({ id, object: "model", created: 1, owned_by: "choir" })) }),
    "POST /v1/chat/completions": ({ model }, response) =>
      send(response, 200, {
        id: "one",
        object: "chat.completion",
        created: 1,
        model,
        choices: [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }],
        usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 },
      }),
  };
  const ollama = {
    "GET /api/tags": (_, response) => send(response, 200, { models: known.map((name) => ({ name, model: name })) }),
    "POST /api/pull": async ({ model }, response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write(`${JSON.stringify({ status: "pulling manifest" })}\n${JSON.stringify({ status: "pulling 8934d96d3f08", total: 2_000_000_000, completed: 500_000_000 })}\n`);
      await new Promise((resolve) => (finish = resolve));
      known.push(model);
      response.end(`${JSON.stringify({ status: "success" })}\n`);
    },
  };
  const server = createServer(async (request, response) => {
    const name = `${request.method} ${request.url.split("?")[0]}`;
    const body = await read(request);
    if (openai[name]) {
      if (request.headers.authorization !== `Bearer ${key}`) return send(response, 401, { error: { message: "Incorrect API key provided", type: "invalid_request_error", code: "invalid_api_key" } });
      return openai[name](body, response);
    }
    return ollama[name] ? ollama[name](body, response) : send(response, 404, { error: { message: "nothing here" } });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    finishPull: () => finish(),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
