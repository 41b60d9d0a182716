package io.github.lumina4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub with one repository, {@code org/model}, and its storage, which has another host name. A
 * test changes single answers by {@link #list}, {@link #head} and {@link #get}.
 */
final class FakeHub implements AutoCloseable {
  static final RepoId REPO = RepoId.parse("org/model");
  static final String TOKEN = "hf_secret";

  /** Answers in the place of the hub. */
  @FunctionalInterface
  interface Hook {
    /** Returns whether it has answered. */
    boolean answer(HttpExchange exchange, String path) throws IOException;
  }

  /** A file as a test may want it listed. */
  record Listed(String path, long size, String hash) {}

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final Hook NONE = (exchange, path) -> false;

  final Map<String, byte[]> files = new TreeMap<>();
  final List<Listed> extra = new ArrayList<>();
  final List<String> storageHeaders = new CopyOnWriteArrayList<>();
  final List<String> hubTokens = new CopyOnWriteArrayList<>();
  final List<String> ranges = new CopyOnWriteArrayList<>();
  final AtomicLong served = new AtomicLong();
  final CountDownLatch end = new CountDownLatch(1);
  volatile String commit = "1".repeat(40);
  volatile Hook list = NONE;
  volatile Hook head = NONE;
  volatile Hook get = NONE;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer hub = server();
  private final HttpServer storage = server();

  FakeHub() throws IOException {
    hub.createContext("/", exchange -> guarded(exchange, this::hub));
    storage.createContext("/", exchange -> guarded(exchange, this::storage));
    hub.start();
    storage.start();
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    return server;
  }

  String address() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  private String storageAddress() {
    return "http://localhost:" + storage.getAddress().getPort();
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private static void guarded(HttpExchange exchange, Handler handler) throws IOException {
    try {
      handler.handle(exchange);
    } finally {
      exchange.close();
    }
  }

  /** Whether the hub keeps the file in its storage: weights, not texts. */
  static boolean large(String path) {
    return path.endsWith(".safetensors") || path.endsWith(".ckpt");
  }

  static String hash(String path, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance(large(path) ? "SHA-256" : "SHA-1");
      if (!large(path)) {
        digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void hub(HttpExchange exchange) throws IOException {
    hubTokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String path = exchange.getRequestURI().getPath();
    String resolve = "/" + REPO + "/resolve/" + commit + "/";
    if (path.startsWith("/api/models/" + REPO)) {
      if (!list.answer(exchange, path)) {
        text(exchange, 200, path.contains("/tree/") ? tree() : "{\"sha\":\"" + commit + "\"}");
      }
    } else if (path.startsWith(resolve)) {
      file(exchange, path.substring(resolve.length()));
    } else {
      text(exchange, 404, "nothing");
    }
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    byte[] content = files.get(path);
    if (exchange.getRequestMethod().equals("GET")) {
      bytes(exchange, path);
    } else if (!head.answer(exchange, path)) {
      header(exchange, "X-Repo-Commit", commit);
      header(exchange, large(path) ? "X-Linked-Etag" : "ETag", '"' + hash(path, content) + '"');
      if (large(path)) {
        header(exchange, "X-Linked-Size", Integer.toString(content.length));
        header(exchange, "Location", storageAddress() + "/" + path + "?signature=s3cret");
      } else {
        header(exchange, "Content-Length", Integer.toString(content.length));
      }
      exchange.sendResponseHeaders(large(path) ? 302 : 200, -1);
    }
  }

  private void storage(HttpExchange exchange) throws IOException {
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> storageHeaders.add(name + ": " + values));
    bytes(exchange, exchange.getRequestURI().getPath().substring(1));
  }

  private void bytes(HttpExchange exchange, String path) throws IOException {
    ranges.add(path + " " + exchange.getRequestHeaders().getFirst("Range"));
    if (!get.answer(exchange, path)) {
      range(exchange, files.get(path), Integer.MAX_VALUE);
    }
  }

  /** Sends the bytes that were asked for; the connection is cut after {@code most} of them. */
  void range(HttpExchange exchange, byte[] content, int most) throws IOException {
    int from = from(exchange);
    int to = to(exchange);
    header(exchange, "Content-Range", "bytes " + from + "-" + to + "/" + content.length);
    exchange.sendResponseHeaders(206, to - from + 1);
    send(exchange, content, from, Math.min(most, to - from + 1));
  }

  /** Sends all of a file, whatever was asked for. */
  void whole(HttpExchange exchange, byte[] content, int most) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    send(exchange, content, 0, Math.min(most, content.length));
  }

  void send(HttpExchange exchange, byte[] content, int from, int count) throws IOException {
    exchange.getResponseBody().write(content, from, count);
    exchange.getResponseBody().flush();
    served.addAndGet(count);
  }

  static int from(HttpExchange exchange) {
    return Integer.parseInt(asked(exchange).group(1));
  }

  static int to(HttpExchange exchange) {
    return Integer.parseInt(asked(exchange).group(2));
  }

  private static Matcher asked(HttpExchange exchange) {
    Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
    if (!range.matches()) {
      throw new AssertionError("no range is asked for");
    }
    return range;
  }

  /** The whole list as the hub writes it. */
  String tree() {
    List<Listed> all = new ArrayList<>(extra);
    files.forEach(
        (path, content) -> all.add(new Listed(path, content.length, hash(path, content))));
    return "[{\"type\":\"directory\",\"path\":\"movqgan\",\"oid\":\"x\"}"
        + String.join("", all.stream().map(file -> "," + entry(file)).toList())
        + "]";
  }

  static String entry(Listed file) {
    String path = file.path().replace("\\", "\\\\");
    String common = "{\"type\":\"file\",\"path\":\"" + path + "\",\"size\":" + file.size();
    return large(file.path())
        ? common
            + ",\"oid\":\"pointer\",\"lfs\":{\"oid\":\""
            + file.hash()
            + "\",\"size\":"
            + file.size()
            + ",\"pointerSize\":134}}"
        : common + ",\"oid\":\"" + file.hash() + "\"}";
  }

  static void header(HttpExchange exchange, String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  static boolean text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean body = !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, body ? bytes.length : -1);
    if (body) {
      exchange.getResponseBody().write(bytes);
    }
    return true;
  }

  /** Says nothing until the test ends. */
  boolean hang() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Override
  public void close() {
    end.countDown();
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
