import { useServices } from '../services.ts';

/** The bar on top of the page: the name of the page, and the callers. */
export function CallersBar() {
  const { settings } = useServices();
  return (
    <header className="callers-bar">
      <h1>Claimgate</h1>
      <span className="quiet">{new URL(settings.publicUrl).host}</span>
    </header>
  );
}
