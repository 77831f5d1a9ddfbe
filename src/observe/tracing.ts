import type * as OpenTelemetry from '@opentelemetry/api';
import type { Attributes, Span, SpanKind, Tracer } from '@opentelemetry/api';
import { withDeadline } from '../protocol/deadline.ts';

/** A span that has begun. The span is sent after its end. */
export interface OpenSpan {
  /** Runs work within the span. Spans that begin in this work are children of the span. */
  readonly run: <Result>(work: () => Result) => Result;
  /** Adds attributes. They must not hold values of the caller, except a method, a kind or an error code. */
  readonly note: (attributes: Attributes) => void;
  /** Ends the span. @param failed - whether the server failed. Default: false */
  readonly end: (failed?: boolean) => void;
}

/** Sends spans of the server's work to a collector (OpenTelemetry). */
export interface Tracing {
  /**
   * Begins the span of a request.
   *
   * @param parent - `traceparent` (W3C Trace Context) of the caller. It is not trusted and only names the trace
   */
  readonly request: (name: string, parent: string | undefined) => OpenSpan;
  /**
   * Begins a child of the current span. Without a current span, nothing is sent. Background work has no current span.
   */
  readonly part: (name: string, kind?: 'client' | 'internal') => OpenSpan;
  /** Adds attributes to the current span, if there is one. */
  readonly note: (attributes: Attributes) => void;
  /** Sends the remaining spans, and waits at most 5 s for the collector. */
  readonly close: () => Promise<void>;
}

/** How long `close` waits for the collector. */
const closeTimeoutMs = 5_000;

/**
 * Starts tracing if the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT). The other standard variables have their usual meaning: OTEL_SERVICE_NAME
 * (default `claimgate`), OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, OTEL_BSP_*,
 * OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER=none.
 *
 * @param onFault - called once for each outage of the collector, when the first spans cannot be sent
 * @returns null if the environment names no collector or turns tracing off. No library is then loaded
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
  const spanned = (span: Span, within = context.active()): OpenSpan => {
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
      trace.getActiveSpan() ? spanned(tracer.startSpan(name, { kind: kinds[kind] })) : noSpan,
    note: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    close: () =>
      withDeadline(
        shutdown().catch(() => {}),
        closeTimeoutMs,
        () => {},
      ),
  };
}

const noSpan: OpenSpan = { run: (work) => work(), note: () => {}, end: () => {} };

/** Reads `traceparent` of version 00 (W3C Trace Context §3.2). @returns null if the header is not well-formed */
function remoteParent(
  header: string | undefined,
): { traceId: string; spanId: string; traceFlags: number; isRemote: true } | null {
  const [, traceId = '', spanId = '', flags = ''] =
    /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(header ?? '') ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
