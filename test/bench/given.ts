import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { integerOption } from '../support/options.ts';
import { annotated, largeSdl } from '../support/large-schema.ts';

/**
 * Measures how long `createGuardedSchema({ schema })` takes for a large schema. By default it generates a schema of
 * about 1,800 types. For GitHub's public schema, pass the file `schema.graphql` of the package
 * `@octokit/graphql-schema`:
 * node test/bench/given.ts [--sdl schema.graphql] [--rounds 5]
 */
const { values } = parseArgs({ options: { sdl: { type: 'string' }, rounds: { type: 'string', default: '5' } } });
const sdl = values.sdl === undefined ? largeSdl() : await readFile(values.sdl, 'utf8');
const document = annotated(sdl);
const rounds = integerOption('rounds', values.rounds, 1);
for (let round = 1; round <= rounds; round += 1) {
  const schema: GraphQLSchema = buildASTSchema(parse(document));
  const [begun, used] = [performance.now(), process.cpuUsage()];
  const { rules } = createGuardedSchema({ schema });
  const elapsed = performance.now() - begun;
  const { user, system } = process.cpuUsage(used);
  const types = Object.keys(schema.getTypeMap()).length;
  process.stdout.write(
    `${types} types, ${rules.length} rules: ${Math.round(elapsed)} ms, of which ${Math.round((user + system) / 1000)} ms on a processor\n`,
  );
}
