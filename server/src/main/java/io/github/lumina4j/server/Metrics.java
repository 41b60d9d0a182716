package io.github.lumina4j.server;

import io.github.lumina4j.GenerationResult;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** The figures of a server, for Prometheus. */
final class Metrics {
  /** The content type of {@link #scrape}. */
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double P50 = 0.5;
  private static final double P95 = 0.95;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** A figure that is looked up when asked for. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** A request was answered; {@code route} is one of few. */
  void answered(String route, int status) {
    registry
        .counter("lumina.http.requests", "route", route, "status", Integer.toString(status))
        .increment();
  }

  /** A request waited that long for its first picture to begin. */
  void waited(double seconds) {
    timer("lumina.queue.wait", "From a request to the start of its first picture", seconds);
  }

  /** What was being drawn was stopped, that long after it was asked for. */
  void cancelled(double seconds) {
    Timer.builder("lumina.cancel")
        .description("From a client's going away, or another reason to stop, to a free engine")
        .publishPercentiles(P50, P95)
        .register(registry)
        .record(nanoseconds(seconds));
  }

  /** A picture was drawn. */
  void drawn(GenerationResult result, double seconds) {
    timer("lumina.picture", "Drawing one picture", seconds);
    registry.counter("lumina.tokens.prompt").increment(result.stats().promptTokens());
    registry.counter("lumina.tokens.generated").increment(result.stats().generatedTokens());
  }

  /** A job ended; {@code how} is "finished" or the code of an error. */
  void ended(String how) {
    registry.counter("lumina.jobs", "end", how).increment();
  }

  /** All figures in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  void close() {
    registry.close();
  }

  private void timer(String name, String description, double seconds) {
    Timer.builder(name).description(description).register(registry).record(nanoseconds(seconds));
  }

  private static Duration nanoseconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
