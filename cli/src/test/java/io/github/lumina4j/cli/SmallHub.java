package io.github.lumina4j.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A well-behaved hub with one checkpoint, {@code org/model}; its pace is in a test's hands. */
final class SmallHub implements AutoCloseable {
  static final String COMMIT = "12".repeat(20);
  private static final int PIECE = 1 << 16;

  final Map<String, byte[]> files = new TreeMap<>();
  final AtomicLong served = new AtomicLong();

  /** How many pieces of 64 KiB may still be sent. */
  final Semaphore pieces = new Semaphore(1 << 20);

  private final HttpServer server;

  SmallHub(int weightBytes) throws IOException {
    byte[] weights = new byte[weightBytes];
    new Random(3).nextBytes(weights);
    files.put("model.safetensors", weights);
    files.put("movqgan.safetensors", new byte[] {1, 2, 3});
    files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "small-hub");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().getPath();
      String name = path.replaceFirst("/org/model/resolve/[0-9a-f]+/", "");
      if (path.startsWith("/api/models/org/model/revision/")) {
        send(exchange, "{\"sha\":\"" + COMMIT + "\"}");
      } else if (path.startsWith("/api/models/org/model/tree/")) {
        send(exchange, tree());
      } else if (files.containsKey(name)) {
        file(exchange, files.get(name));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private String tree() {
    return files.entrySet().stream()
        .map(
            file ->
                "{\"type\":\"file\",\"path\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":%d}}"
                    .formatted(file.getKey(), sha256(file.getValue()), file.getValue().length))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void file(HttpExchange exchange, byte[] content)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("ETag", '"' + sha256(content) + '"');
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "");
    int from = Integer.parseInt(range.split("-")[0]);
    int end = Integer.parseInt(range.split("-")[1]) + 1;
    exchange.getResponseHeaders().set("Content-Range", "bytes " + range + "/" + content.length);
    exchange.sendResponseHeaders(206, end - from);
    OutputStream body = exchange.getResponseBody();
    for (int at = from; at < end; at += PIECE) {
      pieces.acquire();
      int count = Math.min(PIECE, end - at);
      body.write(content, at, count);
      body.flush();
      served.addAndGet(count);
    }
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    pieces.release(1 << 20);
    server.stop(0);
  }
}
