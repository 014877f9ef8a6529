// Reads a JSON text a line and answers each with what Mermaid's own parser makes of it: {error} or {vertices, edges, subgraphs}.
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, maxTextSize: 10_000_000, maxEdges: 100_000 });

async function read(text) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return {
      vertices: Object.fromEntries([...db.getVertices().values()].map((one) => [one.id, one.text])),
      edges: db.getEdges().map((one) => [one.start, one.end, one.text]),
      subgraphs: Object.fromEntries(db.getSubGraphs().map((one) => [one.id, one.title])),
    };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await read(JSON.parse(line))) + "\n");
}
