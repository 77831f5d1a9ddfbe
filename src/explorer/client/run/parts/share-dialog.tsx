import { useRef, useState } from 'react';
import { Modal } from './modal.tsx';

/** Shows a link with the operation, or says why the operation has no link. */
export function ShareDialog({
  link,
  notes,
  onClose,
}: {
  readonly link: string | null;
  readonly notes: readonly string[];
  readonly onClose: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState('');

  function copy(): void {
    field.current?.select();
    navigator.clipboard.writeText(link ?? '').then(
      () => setOutcome('Copied.'),
      () => setOutcome('The browser did not allow it. The link is selected: copy it with Ctrl+C.'),
    );
  }

  return (
    <Modal title="Share this operation" onClose={onClose}>
      {notes.map((note) => (
        <p key={note} className={link === null ? 'run-failure' : ''}>
          {note}
        </p>
      ))}
      {link !== null && (
        <>
          <p>
            The link holds the operation in its part after <code>#</code>, which no browser sends to a server. It holds
            no token. Opening it runs nothing.
          </p>
          <label>
            Link
            <input ref={field} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
          </label>
          <p>
            <button type="button" className="run-button main" onClick={copy}>
              Copy the link
            </button>{' '}
            <span role="status">{outcome}</span>
          </p>
        </>
      )}
    </Modal>
  );
}
