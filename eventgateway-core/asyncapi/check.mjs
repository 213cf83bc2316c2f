// Reads an AsyncAPI document by AsyncAPI's parser, and prints what the parser objects to: errors and warnings.
import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const objections = diagnostics.filter((diagnostic) => diagnostic.severity <= 1);
for (const { code, path, message } of objections) {
  console.log(`${code} at ${path.join('/')}: ${message}`);
}
if (document) {
  console.log(`channels ${document.channels().all().length}, operations ${document.operations().all().length}`);
}
process.exit(document && objections.length === 0 ? 0 : 1);
