package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.server.LuminaServer;
import io.github.lumina4j.server.ServedModel;
import io.github.lumina4j.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina serve}: pictures over HTTP. */
@CommandLine.Command(
    name = "serve",
    header = "Serve pictures over HTTP, as the OpenAI Images API does.",
    description =
        "One request is drawn at a time; the others wait in a queue that serves clients in turn: "
            + "one picture, or up to four of a request that asks for several. Ctrl-C stops: the "
            + "request that is being drawn may finish, the others are handed back.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "The server's address goes to standard output once it listens. A web page is at",
      "/, the API at /v1, figures for Prometheus at /metrics, the state at /health.",
      "",
      "Variables:",
      "  LUMINA_API_KEY  what clients have to know, where --api-key-file is not given",
      "",
      "Examples:",
      "  lumina serve",
      "  lumina serve --model Lumina-mGPT-2.0 --port 9000 --queue 100",
      "  curl localhost:8080/v1/images/generations \\",
      "    -H 'Content-Type: application/json' \\",
      "    -d '{\"prompt\": \"a red circle\", \"seed\": 7, \"response_format\": \"url\"}'"
    })
final class ServeCommand extends Command {
  /** The variable that holds the API key. */
  static final String KEY_VARIABLE = "LUMINA_API_KEY";

  private static final int MAX_KEY_BYTES = 4096;

  /** What the program needs beyond the grace to say goodbye. */
  private static final Duration FAREWELL = Duration.ofSeconds(15);

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Where to listen (default: 127.0.0.1, which other machines do not reach). 0.0.0.0 is "
              + "everywhere: give a key then.")
  private String host = ServerOptions.DEFAULT.host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port (default: 8080); 0 for any that is free.")
  private int port = ServerOptions.DEFAULT.port();

  @Option(
      names = "--host-name",
      paramLabel = "NAME",
      description =
          "A further name that clients may call the server by when it listens on a loopback "
              + "address, as behind a proxy. May be given several times.")
  private Set<String> hostNames = new LinkedHashSet<>();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description =
          "A file with the key that clients have to send as 'Authorization: Bearer KEY'; without "
              + "a key everybody is answered.")
  private Path keyFile;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "What clients call the model (default: the last part of the checkpoint folder).")
  private String name;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Requests that may wait (default: 32); more are told to come again (429).")
  private int queue = ServerOptions.DEFAULT.queueCapacity();

  @Option(
      names = "--queue-per-client",
      paramLabel = "N",
      description =
          "Requests of one client that may wait (default: 8). A client is an address, and the "
              + "field 'user' where it is given.")
  private int queuePerClient = ServerOptions.DEFAULT.queuePerClient();

  @Option(
      names = "--max-pictures",
      paramLabel = "N",
      description = "Pictures of one request (default: 10).")
  private int maxPictures = ServerOptions.DEFAULT.maxPictures();

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Largest picture, both panels included (default: 4194304, 2048x2048).")
  private long maxPixels = ServerOptions.DEFAULT.maxPixels();

  @Option(
      names = "--max-body",
      paramLabel = "MIB",
      description = "Largest request in MiB, a given picture included (default: 32).")
  private long maxBody = ServerOptions.DEFAULT.maxBodyBytes() >> 20;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "What a request may take, waiting included (default: 3600).")
  private long timeLimit = ServerOptions.DEFAULT.timeLimit().toSeconds();

  @Option(
      names = "--linger",
      paramLabel = "SECONDS",
      description =
          "How long a streamed request whose client has gone away continues, and can be found again at "
              + "/v1/images/jobs/ID; 0 stops it at once (default: 120).")
  private long linger = ServerOptions.DEFAULT.linger().toSeconds();

  @Option(
      names = "--keep",
      paramLabel = "SECONDS",
      description = "How long a picture can be fetched by its URL (default: 3600).")
  private long keep = ServerOptions.DEFAULT.keepPictures().toSeconds();

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description =
          "What the request that is being drawn may take when the server stops (default: 30).")
  private long grace = 30;

  @Mixin private ModelOptions model;
  @Mixin private AdapterOptions lora;
  @Mixin private DtypeOption dtype;
  @Mixin private QuantizeOptions quantize;
  @Mixin private ImageDtypeOption imageDtype;

  /** The JSON report. */
  private record Report(String url, String model) {}

  ServeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() throws InterruptedException {
    ServerOptions options = serverOptions();
    if (grace < 0) {
      throw new IllegalArgumentException("--grace must be 0 or more, not " + grace);
    }
    checkAddress(options);
    Duration patience = Duration.ofSeconds(grace);
    PipelineOptions pipeline =
        new Models(environment(), this::note)
            .drawing(model, lora.adapters(), dtype.dtype(), quantize, imageDtype.imageDtype());
    Path folder = pipeline.model().orElseThrow();
    GenerationDefaults defaults = GenerationDefaults.read(folder);
    String called = name != null ? name : RequestRecord.lastName(folder);
    checkCancelled();
    note("loading " + folder);
    try (Backend.Session session = backend().open(pipeline)) {
      ServedModel served =
          new ServedModel(called, defaults, session, result -> notes(result, pipeline));
      LuminaServer server = LuminaServer.start(served, options);
      try {
        environment().patience().accept(patience.plus(FAREWELL));
        announce(server, called, options);
        waitForTheEnd();
        note("stopping; the request that is being drawn may finish");
      } finally {
        server.stop(patience);
      }
    }
  }

  /** Loading the model can take minutes: a port that is in use is told before. */
  private static void checkAddress(ServerOptions options) {
    try {
      LuminaServer.checkAddress(options);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          e.getMessage() + "; --port chooses another port, 0 any that is free", e);
    }
  }

  private ServerOptions serverOptions() {
    ServerOptions.Builder options =
        ServerOptions.builder()
            .host(host)
            .port(port)
            .hostNames(hostNames)
            .queue(queue, queuePerClient)
            .maxPictures(maxPictures)
            .maxPixels(maxPixels)
            .maxBodyBytes(Math.min(maxBody, 1 << 20) << 20)
            .timeLimit(Duration.ofSeconds(timeLimit))
            .linger(Duration.ofSeconds(linger))
            .keepPictures(Duration.ofSeconds(keep), ServerOptions.DEFAULT.keepBytes());
    key().ifPresent(options::apiKey);
    return options.build();
  }

  private Optional<String> key() {
    if (keyFile != null) {
      return Optional.of(TextFiles.read(keyFile, MAX_KEY_BYTES).strip());
    }
    return Optional.of(environment().variable(KEY_VARIABLE).strip())
        .filter(text -> !text.isEmpty());
  }

  private void announce(LuminaServer server, String called, ServerOptions options) {
    String url = server.uri().toString();
    out().println(report().json() ? JsonText.report(new Report(url, called)) : url);
    out().flush();
    note("serving " + called + " at " + url + "; Ctrl-C stops");
    if (options.apiKey().isEmpty() && !server.isLocal()) {
      note("other machines may reach this server, and it asks for no key: see --api-key-file");
    }
  }

  private void waitForTheEnd() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CancellationToken.Registration stop = environment().cancellation().onCancel(end::countDown);
    try {
      end.await();
    } finally {
      stop.close();
    }
  }

  /** As the files of other commands: the PNG knows how it was made. */
  private static Map<String, String> notes(GenerationResult result, PipelineOptions pipeline) {
    Panel panel = result.complete() ? Panel.of(result.request().task()) : Panel.WHOLE;
    return PictureText.chunks(
        RequestRecord.of(result.request(), Optional.empty(), panel, pipeline));
  }
}
