// Two browsers are two guests: neither sees the other's work, by page or by API.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { BASE, launch, makePiece, scoreDrawn, visitor } from "./harness.mjs";

describe("two guests", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it("do not see one another's pieces", async () => {
    const [ann, bob] = [await visitor(browser), await visitor(browser)];
    const hers = await makePiece(ann.page);
    const his = await makePiece(bob.page, "Blues and folk for a workshop about call and response");

    await bob.page.goto(`${BASE}/studio/${hers}`);
    await bob.page.getByRole("alert").getByText("does not exist, or it is not yours").waitFor();
    await bob.page.goto(BASE);
    await bob.page.locator(`a[href="/studio/${his}"]`).waitFor();
    assert.equal(await bob.page.locator(`a[href="/studio/${hers}"]`).count(), 0);

    for (const path of ["", "/export/midi", "/export/json", "/export/lesson.pdf", "/events"]) {
      const answer = await bob.context.request.get(`${BASE}/api/v1/mashup/${hers}${path}`);
      assert.equal(answer.status(), 404, path);
    }
    for (const [method, path, data] of [
      ["patch", "", { title: "Mine now" }],
      ["delete", "", undefined],
      ["post", "/remix", { change: { tempo_factor: 2 } }],
      ["post", "/restore", undefined],
    ]) {
      const answer = await bob.context.request[method](`${BASE}/api/v1/mashup/${hers}${path}`, { data, headers: { "If-Match": '"1"' } });
      assert.equal(answer.status(), 404, `${method} ${path}`);
    }
    const list = await (await bob.context.request.get(`${BASE}/api/v1/mashup`)).json();
    assert.deepEqual(
      list.items.map((item) => item.id),
      [his],
    );
    assert.equal((await ann.context.request.get(`${BASE}/api/v1/mashup/${hers}`)).status(), 200);
    await ann.context.close();
    await bob.context.close();
  });

  it("do not see one another's sources, and cannot borrow from them", async () => {
    const [ann, bob] = [await visitor(browser), await visitor(browser)];
    await makePiece(ann.page);
    await makePiece(bob.page);
    const sources = `${BASE}/api/v1/mashup/sources`;
    const file = readFileSync(new URL("fixtures/ode-to-joy.abc", import.meta.url));
    const hers = await ann.context.request.post(`${sources}?name=ode.abc&licence=public_domain`, { data: file, headers: { "Content-Type": "application/octet-stream" } });
    assert.equal(hers.status(), 201);
    const { id } = await hers.json();
    for (const [method, path] of [
      ["get", ""],
      ["get", "/playback"],
      ["delete", ""],
      ["post", "/restore"],
    ]) {
      const answer = await bob.context.request[method](`${sources}/${id}${path}`);
      assert.equal(answer.status(), 404, `${method} ${path}`);
    }
    const request = { user_prompt: "Jazz and hip-hop for ninth graders", skill_level: "beginner", educational_context: "classroom", source_ids: [id] };
    const borrowed = await bob.context.request.post(`${BASE}/api/v1/mashup/generate`, { data: request });
    assert.equal(borrowed.status(), 422);
    assert.equal((await borrowed.json()).errors[0].code, "unknown_source");
    assert.deepEqual((await (await bob.context.request.get(sources)).json()).items, []);
    assert.equal((await ann.context.request.get(`${sources}/${id}`)).status(), 200);
    await ann.context.close();
    await bob.context.close();
  });

  it("are one guest each from the first moment, however slow an answer is", async () => {
    const { context, page, faults } = await visitor(browser);
    let sent = 0;
    let beside = 0;
    await page.route("**/api/v1/mashup**", async (route) => {
      sent += 1;
      if (sent === 1) {
        await new Promise((resolve) => setTimeout(resolve, 1200));
        beside = sent - 1;
      }
      await route.continue();
    });
    await makePiece(page);
    await scoreDrawn(page);
    assert.equal(beside, 0, "nothing is asked beside the request whose answer says who one is");
    assert.deepEqual(faults, []);
    await context.close();
  });
});
