// Reading and writing speed of a prebuilt llama.cpp on the same weights and threads as
// `emulant bench speed`. Needs `npm install node-llama-cpp@3.22.1` in the folder that NODE_PATH
// names, or beside this file. Run: node bench/llama.mjs WEIGHTS.gguf [THREADS] [READ] [WRITE]
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.NODE_PATH ? `${process.env.NODE_PATH}/` : import.meta.url);
const { getLlama } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [path, threads = "2", read = "256", write = "32"] = process.argv.slice(2);

const text = Array.from({ length: 400 }, (_, i) => `>>> is_fruit("apple ${i}")\ntrue\n`).join("");
const llama = await getLlama({ gpu: false, build: "never", maxThreads: Number(threads), logLevel: "error" });
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({ contextSize: 2048, threads: Number(threads) });
const sequence = context.getSequence();
const tokens = model.tokenize(text).slice(0, Number(read));

async function timed(what, count, work) {
    const start = performance.now();
    const before = process.cpuUsage();
    await work();
    const wall = (performance.now() - start) / 1000;
    const used = process.cpuUsage(before);
    const processor = (used.user + used.system) / 1e6;
    console.log(`${what.padEnd(24)} ${wall.toFixed(2)} s  ${processor.toFixed(2)} s of processors  ` +
        `${(count / wall).toFixed(1)} tokens/s  ${(processor * 1000 / count).toFixed(2)} ms of processors each`);
}

// Weights are paged in by their first use.
await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, 16));
await sequence.clearHistory();
await timed("read", tokens.length, () => sequence.evaluateWithoutGeneratingNewTokens(tokens));
await sequence.clearHistory();
await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, 63));
await timed("write behind 64 tokens", Number(write), async () => {
    let count = 0;
    for await (const _ of sequence.evaluate([tokens[63]], { temperature: 0, yieldEogToken: true })) {
        if (++count >= Number(write)) break;
    }
});
await llama.dispose();
