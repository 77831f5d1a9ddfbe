import { listApplications } from '../../../identity/applications/applications.ts';
import { listPage } from '../../pages/applications/list.ts';
import { type AccountRoute, show } from '../visit.ts';

/** How many applications one page lists. */
const pageSize = 50;

/** The list of the person's own applications, newest first. */
export const listRoute: AccountRoute = {
  async show(visit) {
    const { options, account, query } = visit;
    const after = positionOf(query.get('after'));
    const { items, hasNextPage } = await listApplications(options.store, { first: pageSize, after }, account.id);
    const last = items.at(-1);
    show(
      visit,
      listPage({
        applications: items,
        isFirst: after === null,
        next: hasNextPage && last ? `${last.createdAt}-${last.id}` : null,
        isDeleted: query.get('done') === 'deleted',
      }),
    );
  },
};

/** Reads the position after which the page begins. Any other text means the beginning. */
function positionOf(text: string | null): { readonly createdAt: number; readonly id: string } | null {
  const [, createdAt, id] = /^(\d{1,15})-([0-9a-f]{24})$/.exec(text ?? '') ?? [];
  return createdAt === undefined || id === undefined ? null : { createdAt: Number(createdAt), id };
}
