import type * as OpenTelemetry from '@opentelemetry/api';
import type { Attributes, Span, SpanKind, Tracer } from '@opentelemetry/api';

/** One thing that takes time, told when it is over. */
export interface Spanned {
  /** Runs what belongs to it: whatever is begun there is part of it. */
  readonly run: <Result>(work: () => Result) => Result;
  /** Adds what is known by now. Never anything that a caller wrote but a method, a kind or an error code. */
  readonly note: (attributes: Attributes) => void;
  /** @param failed whether that was a fault of ours. Default: no */
  readonly end: (failed?: boolean) => void;
}

/** Tells a collector what the server does and how long it takes (OpenTelemetry). */
export interface Tracing {
  /** @param parent `traceparent` (W3C Trace Context) of the caller, who may say anything: it names a trace and nothing else */
  readonly request: (name: string, parent: string | undefined) => Spanned;
  /** Part of what runs at the moment; where nothing does, as in what a clock starts, nothing is told. */
  readonly part: (name: string, kind?: 'client' | 'internal') => Spanned;
  /** Adds to what runs at the moment, if anything does. */
  readonly note: (attributes: Attributes) => void;
  /** Sends what was not sent yet, for five seconds at most. */
  readonly close: () => Promise<void>;
}

/** Longer than this the end of a server does not wait for a collector, in milliseconds. */
const patience = 5_000;

/**
 * Begins to trace where the environment says so: OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. The other
 * standard variables hold: OTEL_SERVICE_NAME (default `claimgate`), OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER,
 * OTEL_EXPORTER_OTLP_HEADERS, OTEL_BSP_*, OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER=none.
 *
 * @param onFault hears, once for each outage, that nothing can be sent
 * @returns null where it does not: then no library is loaded
 */
export async function startTracing(
  environment: Readonly<Record<string, string | undefined>>,
  onFault: (message: string) => void,
): Promise<Tracing | null> {
  const endpoint = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const exporter = environment['OTEL_TRACES_EXPORTER'] || 'otlp';
  if (!endpoint || exporter !== 'otlp' || environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return null;
  const [api, sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
  ]);
  const sending = new OTLPTraceExporter();
  let failing = false;
  const provider = new sdk.NodeTracerProvider({
    resource: resources
      .resourceFromAttributes({ 'service.name': environment['OTEL_SERVICE_NAME'] || 'claimgate' })
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        export(spans, done) {
          sending.export(spans, (result) => {
            const failed = result.error !== undefined;
            if (failed && !failing) onFault(result.error?.message ?? '');
            failing = failed;
            done(result);
          });
        },
        forceFlush: () => sending.forceFlush(),
        shutdown: () => sending.shutdown(),
      }),
    ],
  });
  provider.register({ propagator: null });
  return tracingWith(api, provider.getTracer('claimgate'), () => provider.shutdown());
}

function tracingWith(api: typeof OpenTelemetry, tracer: Tracer, shutdown: () => Promise<void>): Tracing {
  const { context, trace, ROOT_CONTEXT, SpanStatusCode } = api;
  const spanned = (span: Span, within = context.active()): Spanned => {
    const own = trace.setSpan(within, span);
    return {
      run: (work) => context.with(own, work),
      note: (attributes) => void span.setAttributes(attributes),
      end(failed = false) {
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  const kinds: Readonly<Record<'client' | 'internal', SpanKind>> = {
    client: api.SpanKind.CLIENT,
    internal: api.SpanKind.INTERNAL,
  };
  return {
    request(name, parent) {
      const remote = remoteParent(parent);
      const within = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
      return spanned(tracer.startSpan(name, { kind: api.SpanKind.SERVER }, within), within);
    },
    part: (name, kind = 'internal') =>
      trace.getActiveSpan() ? spanned(tracer.startSpan(name, { kind: kinds[kind] })) : untold,
    note: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      await Promise.race([shutdown().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}

const untold: Spanned = { run: (work) => work(), note: () => {}, end: () => {} };

/** W3C Trace Context §3.2: version 00, and nothing that is not well-formed. */
function remoteParent(
  header: string | undefined,
): { traceId: string; spanId: string; traceFlags: number; isRemote: true } | null {
  const [, traceId = '', spanId = '', flags = ''] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(header ?? '') ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
