import { Modal } from './modal.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl+Enter', 'Run the operation, or stop it'],
  ['Escape, then Tab', 'Leave an editor'],
  ['Enter', 'Enter the editor whose frame has the focus'],
  ['Alt+N, Alt+P', 'Next or previous difference of the answers'],
  ['Ctrl+Space', 'Complete the word'],
  ['Ctrl+F', 'Search in the editor'],
  ['Ctrl+Alt+K', 'Search in the documentation'],
  ['Shift+Ctrl+P', 'Format the operation'],
  ['Shift+Ctrl+M', 'Merge the fragments into the operation'],
  ['Shift+Ctrl+C', 'Copy the operation'],
  ['Shift+Ctrl+R', 'Read the schema again'],
  ['F1', 'All commands of the editor'],
];

/** Lists the keys of the page. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Keys" onClose={onClose}>
      <table className="keys">
        <thead className="visually-hidden">
          <tr>
            <th>Keys</th>
            <th>What they do</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(([key, meaning]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
