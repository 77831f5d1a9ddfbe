/**
 * The names of variables for a Service or a link. Kubernetes sets them in every container of the namespace
 * (`enableServiceLinks`), and Docker in a linked container.
 */
const linkNames =
  /^CLAIMGATE(?:_[A-Z0-9_]+)?_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR|START|END|PORT_START|PORT_END))?)$/;
/** Docker copies the environment of a linked container, as in `CLAIMGATE_DB_ENV_POSTGRES_USER`. */
const copiedNames = /^CLAIMGATE(?:_[A-Z0-9_]+)?_ENV_[A-Za-z0-9_]+$/;
const portName = /^CLAIMGATE(?:_[A-Z0-9_]+)?_PORT$/;
const nameName = /^CLAIMGATE(?:_[A-Z0-9_]+)?_NAME$/;

/**
 * Whether Kubernetes or Docker has set a variable for a Service or container whose name begins with `claimgate`. The
 * variable is then not meant for this program. For `CLAIMGATE_PORT`, the value decides: `4000` is the mistake of a
 * person and not a service link.
 */
export function isServiceLink(name: string, value: string): boolean {
  if (linkNames.test(name) || copiedNames.test(name)) return true;
  if (portName.test(name)) return isLinkAddress(value);
  return nameName.test(name) && /^\/[^/\s]+\/[^/\s]+$/.test(value);
}

/** Whether a value is an address in the form of service links: `tcp://10.0.0.1:4000`. */
export function isLinkAddress(value: string): boolean {
  return /^(?:tcp|udp|sctp):\/\/[\w.:[\]-]+$/i.test(value.trim());
}
