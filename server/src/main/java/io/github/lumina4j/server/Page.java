package io.github.lumina4j.server;

import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The web page: a few resources, loaded once; no other names exist. */
final class Page {
  // Nothing from elsewhere, nothing within the text of the page, in nobody's frame.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private record Resource(byte[] content, String type) {}

  private final Map<String, Resource> resources = new HashMap<>();

  Page() {
    add("/", "index.html", "text/html; charset=utf-8");
    add("/style.css", "style.css", "text/css; charset=utf-8");
    add("/app.js", "app.js", "text/javascript; charset=utf-8");
    add("/icon.svg", "icon.svg", "image/svg+xml");
  }

  /** Whether there is something at that address. */
  boolean has(String path) {
    return resources.containsKey(path);
  }

  void send(Exchange exchange, String path) {
    HttpServerResponse response = exchange.response();
    response.putHeader("Content-Security-Policy", POLICY);
    response.putHeader("Referrer-Policy", "no-referrer");
    response.putHeader("Cache-Control", "no-cache");
    Resource resource = resources.get(path);
    exchange.send(200, resource.type(), resource.content());
  }

  private void add(String path, String name, String type) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      resources.put(path, new Resource(in.readAllBytes(), type));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
