import assert from 'node:assert/strict';
import { it } from 'node:test';
import { auditEventKinds } from '../../src/audit/event-types.ts';

it('each type of event has a description and no member that nothing reads', () => {
  const known = new Set(['description', 'outcome', 'maxRows', 'maxRowsWithoutAccount']);
  for (const [type, kind] of Object.entries(auditEventKinds)) {
    assert.match(kind.description, /^[A-Z`].*\.$/, type);
    assert.deepEqual(
      Object.keys(kind).filter((member) => !known.has(member)),
      [],
      type,
    );
  }
});
