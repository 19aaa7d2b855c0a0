// Makes src/schema.ts of the OpenAPI document on stdin: `make sdk-node` runs it.

import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const document = await buffer(process.stdin);
const types = await openapiTS(document, {
  // A field with a default may be left out of a request.
  defaultNonNullable: false,
});
const hash = createHash("sha256").update(document).digest("hex");
const head = `// Made by openapi-typescript: run \`make sdk-node\`, and change nothing here.\n// Document: sha256 ${hash}\n\n`;
await writeFile(new URL("src/schema.ts", import.meta.url), head + astToString(types));
