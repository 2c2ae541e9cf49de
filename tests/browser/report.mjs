// The page of `rhetor analyze --format html` in a browser: headless Chromium, driven as a reader
// would. Run by `.ci/run browser` with the program and a folder for screenshots.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [program, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
mkdirSync(folder, { recursive: true });

// Pages -------------------------------------------------------------------------------------

function report(name, input, ...options) {
  const page = resolve(join(folder, `${name}.html`));
  execFileSync(program, ["analyze", "--format", "html", "--any-language", "--output", page, ...options, input]);
  return pathToFileURL(page).href;
}

const hostile = join(folder, "hostile.txt");
writeFileSync(
  hostile,
  [
    "<script>document.title = 'taken'</script> The greedy traitors sold our port, said the minister.",
    "This is a disgrace \"><img src=x onerror=\"document.title='taken'\"> and a shameful betrayal of 14,000 honest families.",
    "\u202eMany experts\u202c say the thugs\u2066 will\u0007 ruin us \u{1b}[31mall.",
    `The ${"disgraceful".repeat(400)} regime of vultures has thrown away 61% of the harbour.`,
    "👩‍👩‍👧‍👦 Z\u0351\u036b\u0343a\u0489\u0358lgo thugs reportedly bled the whole valley dry.",
  ].join("\n\n"),
);
// Some twenty thousand words.
const long = join(folder, "long.md");
const article = readFileSync("corpora/articles/port-of-velda.md", "utf8");
writeFileSync(long, Array(30).fill(article).join("\n\n"));

const velda = report("port-of-velda", "corpora/articles/port-of-velda.md");
const pages = {
  velda,
  opinion: report("grain-opinion", "corpora/articles/grain-opinion.md"),
  previews: report("previews", "corpora/articles/grain-opinion.md", "--preview"),
  hostile: report("hostile", hostile),
};

// The browser -------------------------------------------------------------------------------

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** A page that fails the test on anything on the console and on every request but itself. */
async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error}`));
  page.on("request", (request) => request.url() !== url && complaints.push(`request: ${request.url()}`));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  page.done = async () => {
    assert.deepEqual(complaints, []);
    await context.close();
  };
  return page;
}

const shot = (page, name, options = {}) =>
  page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled", ...options });

async function accessible(page, what) {
  // By the protocol, past the page's policy, which lets no other script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
  assert.deepEqual(told, [], what);
  const light = violations.filter((violation) => !grave.includes(violation)).map(({ id }) => id);
  if (light.length > 0) console.log(`${what}: axe-core also says ${light.join(", ")}`);
}

const visible = (page, selector) => page.locator(selector).filter({ visible: true }).count();
const said = async (page) => {
  const words = await page.locator("#shown").textContent();
  const [shown, all] = words.match(/\d+/g).map(Number);
  return { shown, all };
};
const fits = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

// Tests -------------------------------------------------------------------------------------

const tests = {
  async "every scheme and width is accessible and fits"() {
    for (const [name, url] of Object.entries(pages)) {
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [1280, 768, 360]) {
          const page = await open(url, { colorScheme, viewport: { width, height: 800 } });
          assert(await fits(page), `${name} scrolls sideways at ${width}`);
          await accessible(page, `${name} ${colorScheme} ${width}`);
          await page.locator("#filters").click();
          await page.locator(".m[href]").first().focus();
          assert(await fits(page), `${name} scrolls sideways at ${width}, opened`);
          await accessible(page, `${name} ${colorScheme} ${width}, opened`);
          await page.done();
        }
      }
    }
  },

  async "filters hide and show, and the count says so"() {
    const page = await open(velda);
    const start = await said(page);
    assert(start.shown > 0 && start.shown < start.all);
    assert.equal(await visible(page, ".note:not([data-kind=unclear])"), start.shown);
    assert.equal(await visible(page, ".note[data-kind=preview]"), 0);
    await page.locator("#filters").click();
    const box = (name, value) => page.locator(`#filter input[name="${name}"][value="${value}"]`);

    await box("kind", "preview").check();
    const previews = await said(page);
    assert(previews.shown > start.shown);
    assert((await visible(page, ".note[data-kind=preview]")) > 0);
    await box("kind", "preview").uncheck();
    assert.deepEqual(await said(page), start);

    const unclear = await visible(page, ".note[data-kind=unclear]");
    assert.equal(unclear, 0);
    await box("kind", "unclear").check();
    assert((await visible(page, ".note[data-kind=unclear]")) > 0);
    assert.deepEqual(await said(page), start, "it is no finding");

    await box("family", "framing").uncheck();
    assert.equal(await visible(page, ".note.framing"), 0);
    assert.equal(await visible(page, "article .m.framing"), 0);
    assert.equal(await visible(page, ".cell.framing"), 0);
    assert((await visible(page, ".cell.sourcing")) > 0);
    assert.equal(await visible(page, "article sup.framing"), 0);
    const sourcing = await said(page);
    assert.equal(sourcing.shown, await visible(page, ".note.sourcing"));
    await box("family", "sourcing").uncheck();
    assert.equal((await said(page)).shown, 0);
    assert.equal(await page.locator(".m[href]").count(), 0, "no mark is a stop");

    await page.locator("button[type=reset]").click();
    await page.waitForFunction((n) => document.getElementById("shown").textContent.includes(` ${n} of`), start.shown);

    await box("label", "loaded-language").uncheck();
    assert.equal(await visible(page, ".note[data-label=loaded-language]"), 0);
    assert((await visible(page, ".note[data-label=name-calling]")) > 0);
    await page.locator("#none").click();
    assert.equal((await said(page)).shown, 0);
    await page.locator("button[type=reset]").click();

    await page.locator("#threshold").fill("0.4");
    const likely = page.locator(".note:visible");
    for (const p of await likely.evaluateAll((notes) => notes.map((note) => note.dataset.p))) {
      assert(p === undefined || Number(p) >= 0.4);
    }
    assert((await said(page)).shown < start.shown);
    assert.equal(await page.locator("#least").textContent(), "0.40");
    await page.done();
  },

  async "whose words"() {
    const page = await open(pages.opinion);
    const start = await said(page);
    await page.locator("#filters").click();
    await page.locator('input[name="voice"][value="author"]').uncheck();
    const rest = await said(page);
    assert(rest.shown > 0 && rest.shown < start.shown);
    const voices = await page.locator(".note:visible").evaluateAll((notes) => notes.map((n) => n.dataset.voice));
    assert(voices.every((voice) => voice !== "author"));
    await page.done();
  },

  async "previews are on from the start where the program was told so"() {
    const page = await open(pages.previews);
    const { shown, all } = await said(page);
    assert.equal(shown, all);
    assert.equal(await page.locator('input[name="kind"][value="preview"]').isChecked(), true);
    await shot(page, "previews", { fullPage: true });
    await page.done();
  },

  async "the card opens by pointer, focus and tap, and closes"() {
    const page = await open(velda);
    const card = page.locator("#card");
    const loaded = page.locator('.note[data-label="loaded-language"][data-voice="author"]').first();
    const mark = page.locator(`article .m.framing[href="#${await loaded.getAttribute("id")}"]`).first();
    await mark.hover();
    await card.waitFor({ state: "visible" });
    const text = await card.textContent();
    for (const part of ["Loaded language", "Probability 0.", "Voice: author", "emotional charge"]) {
      assert(text.includes(part), `${part} in ${text}`);
    }
    await card.hover(); // stays while the pointer is on it
    await page.waitForTimeout(400);
    assert(await card.isVisible());
    await page.mouse.move(5, 5);
    await card.waitFor({ state: "hidden" });

    await mark.click();
    assert(await card.isVisible());
    assert.equal(await mark.getAttribute("aria-describedby"), "card");
    await page.keyboard.press("Escape");
    assert(await card.isHidden());
    assert.equal(await mark.getAttribute("aria-describedby"), null);

    const rule = page.locator("article .m.sourcing[href]").first();
    await rule.click();
    assert((await card.textContent()).includes("Found by a rule"));
    await page.locator("h1").click();
    assert(await card.isHidden());
    await page.done();

    const phone = await open(velda, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await phone.locator("article .m[href]").first().tap();
    assert(await phone.locator("#card").isVisible());
    assert(await fits(phone));
    const { x, width } = await phone.locator("#card").boundingBox();
    assert(x >= 0 && x + width <= 360);
    await phone.done();
  },

  async "by keyboard alone"() {
    const page = await open(velda);
    const at = () => page.evaluate(() => document.activeElement.dataset.f ?? document.activeElement.id);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.locator("#next").focus();
    await page.keyboard.press("Enter");
    const first = await at();
    assert.match(first, /^\d/);
    assert(await page.locator("#card").isVisible());
    await page.keyboard.press("j");
    const second = await at();
    assert.notEqual(second, first);
    await page.keyboard.press("k");
    assert.equal(await at(), first);
    await page.keyboard.press("ArrowRight");
    assert.equal(await at(), second);
    await page.keyboard.press("Tab");
    assert.notEqual(await at(), second);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid", "the focus is seen");
    await page.keyboard.press("Escape");
    assert(await page.locator("#card").isHidden());
    // From anywhere else letters do nothing.
    await page.locator("#filters").focus();
    await page.keyboard.press("j");
    assert.equal(await at(), "filters");
    await page.keyboard.press("Enter");
    assert(await page.locator("#filter").isVisible());
    await page.done();
  },

  async "the map leads to the sentence and shows the place"() {
    const page = await open(velda);
    assert((await visible(page, ".cell")) > 0);
    const box = await page.locator("#map").boundingBox();
    await page.mouse.click(box.x + box.width * 0.7, box.y + 5);
    await page.waitForFunction(() => scrollY > 300 && !document.getElementById("here").hasAttribute("hidden"));
    const sentences = await page.locator(".s").count();
    await page.waitForFunction((at) => {
      const here = document.getElementById("here");
      const from = Number(here.getAttribute("x"));
      return from <= at && at <= from + Number(here.getAttribute("width"));
    }, Math.floor(sentences * 0.7));
    await page.done();
  },

  async "nothing in an article runs or turns the page"() {
    const page = await open(pages.hostile);
    assert.notEqual(await page.title(), "taken");
    assert.equal(await page.locator("article :is(script, img)").count(), 0);
    const text = await page.locator("article").textContent();
    assert(text.includes("<script>document.title = 'taken'</script>"));
    assert(text.includes("\"><img src=x"));
    assert(!/[\u202a-\u202e\u2066-\u2069\u0007\u001b]/.test(text));
    await page.locator(".m[href]").first().focus();
    // Were there a way in, the policy would be in it.
    const blocked = await page.evaluate(async () => {
      const seen = new Promise((resolve) => document.addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective)));
      document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'taken'" }));
      return seen;
    });
    assert.match(blocked, /^script-src/);
    assert.notEqual(await page.title(), "taken");
    await page.context().close();
  },

  async "without scripts it is an article with its findings"() {
    const page = await open(velda, { javaScriptEnabled: false });
    assert((await page.locator("article .m[href]").count()) > 0);
    assert.equal(await visible(page, ".scripted, #filter, #card"), 0);
    const target = await page.locator("article .m[href]").first().getAttribute("href");
    await page.locator(`${target} summary`).click();
    assert(await page.locator(`${target} .more`).isVisible());
    await shot(page, "no-script");
    await page.done();
  },

  async "printed, the findings stand under the text and the controls are gone"() {
    const page = await open(velda);
    await page.emulateMedia({ media: "print" });
    assert.equal(await visible(page, ".steps, button, #card"), 0);
    const [text, note] = await page.evaluate(() => {
      const list = document.querySelector("article .notes:not([hidden])");
      return [list.previousElementSibling, list].map((e) => e.getBoundingClientRect().top);
    });
    assert(note > text);
    const mark = page.locator("article .m.framing[href]").first();
    const style = await mark.evaluate((e) => [getComputedStyle(e).textDecorationLine, getComputedStyle(e).backgroundColor]);
    assert.deepEqual(style, ["underline", "rgba(0, 0, 0, 0)"]);
    await shot(page, "print", { fullPage: true });
    await page.pdf({ path: join(folder, "print.pdf"), format: "A4", preferCSSPageSize: true });
    await page.done();
  },

  async "nothing moves by itself"() {
    const page = await open(velda);
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior !== "auto";
      }).length);
    assert.equal(moving, 0);
    await page.done();
  },

  async "a long document opens and is filtered"() {
    const page = await open(report("long", long));
    const start = await said(page);
    assert(start.all > 500, `${start.all} findings`);
    await page.locator("#filters").click();
    await page.locator('input[name="family"][value="framing"]').uncheck();
    assert.equal(await visible(page, ".note.framing"), 0);
    await page.locator("#next").click();
    assert(await page.locator("#card").isVisible());
    await page.done();
  },

  async "screenshots to look at"() {
    for (const [name, options] of [
      ["light", { colorScheme: "light" }],
      ["dark", { colorScheme: "dark" }],
      ["phone", { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }],
    ]) {
      const page = await open(velda, options);
      await shot(page, name, { fullPage: true });
      await page.locator(".m[href]").nth(5).focus();
      await shot(page, `${name}-card`);
      await page.done();
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED: ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exitCode = failed > 0 ? 1 : 0;
