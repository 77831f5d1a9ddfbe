// Records operations and writes them, records more, and dies without a chance to write.
import { parse } from 'graphql';
import { createRecording } from '../../../src/server/replay/recording.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { anonymous } from '../../../src/principal.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { guardedOf, present } from './shop.ts';

const store = await openDatabase(process.argv[2] ?? '');
const guarded = guardedOf(present);
const recording = createRecording(
  { replay: { retentionDays: 7, maxRows: 100, claims: [] }, encryptionKeys: [Buffer.alloc(32, 1)] },
  guarded,
  { store, log: createLogger('silent').log, metrics: createMetrics(false) },
);
const [check] = recording!.steps({ checks: [], parseOptions: {}, validationRules: [], schema: guarded.schema }).checks;
const document = parse('{ open }');
const ask = () => check!.check({ document, principal: anonymous });
for (let time = 0; time < 5; time += 1) ask();
await recording!.flush();
for (let time = 0; time < 3; time += 1) ask();
process.kill(process.pid, 'SIGKILL');
