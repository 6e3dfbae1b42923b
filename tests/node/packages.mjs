// Finds the pinned packages: in the folder that `cargo xtask test` prepared, else beside these files.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env.FAIRFALL_TEST_NODE_DIR || fileURLToPath(new URL('.', import.meta.url));

/** Loads one of the packages of package.json. */
export const load = createRequire(join(folder, 'package.json'));

/** Ends the process with a usage line when an argument is wrong. */
export function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
