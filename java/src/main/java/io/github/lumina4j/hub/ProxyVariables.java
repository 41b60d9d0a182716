package io.github.lumina4j.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}
 * name, in capitals or not.
 */
final class ProxyVariables extends ProxySelector {
  /** Where a proxy is, and the value of its header {@code Proxy-Authorization}. */
  private record Server(InetSocketAddress address, Optional<String> authorization) {}

  private final Map<String, String> variables;

  ProxyVariables(Map<String, String> variables) {
    this.variables = variables;
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(
        server(uri)
            .map(server -> new Proxy(Proxy.Type.HTTP, server.address()))
            .orElse(Proxy.NO_PROXY));
  }

  /** Name and password for the proxy of {@code uri}, if it has a proxy and that asks for them. */
  Optional<String> authorization(URI uri) {
    return server(uri).flatMap(Server::authorization);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The failure reaches the caller as an exception.
  }

  private Optional<Server> server(URI uri) {
    if (excepted(uri)) {
      return Optional.empty();
    }
    for (String name : List.of(uri.getScheme() + "_proxy", "all_proxy")) {
      String text = variable(name);
      if (!text.isEmpty()) {
        return Optional.of(server(name.toUpperCase(Locale.ROOT), text));
      }
    }
    return Optional.empty();
  }

  private String variable(String name) {
    String small = variables.getOrDefault(name, "");
    return small.isEmpty() ? variables.getOrDefault(name.toUpperCase(Locale.ROOT), "") : small;
  }

  /** Messages name the variable only: its value may hold a password. */
  private static Server server(String variable, String text) {
    try {
      URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
      if (!"http".equals(proxy.getScheme())) {
        throw new IllegalArgumentException(
            variable + ": only proxies with http:// are supported, not " + proxy.getScheme());
      }
      if (proxy.getHost() != null) {
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return new Server(
            // Not resolved here: the client does that when it connects.
            InetSocketAddress.createUnresolved(proxy.getHost(), port),
            Optional.ofNullable(proxy.getRawUserInfo()).map(ProxyVariables::basic));
      }
    } catch (IllegalArgumentException e) {
      if (e.getMessage().startsWith(variable)) {
        throw e;
      }
    }
    throw new IllegalArgumentException(variable + ": not an address such as http://HOST:PORT");
  }

  private static String basic(String userInfo) {
    // A plus sign is itself here, but a space to the decoder.
    String plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether NO_PROXY names the host, a domain above it, or everything. */
  private boolean excepted(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    List<String> names = new ArrayList<>();
    for (String entry : variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      names.add(entry.replaceFirst("^\\*?\\.", ""));
    }
    return names.stream()
        .filter(name -> !name.isEmpty())
        .map(name -> name.endsWith(":" + port) ? name.substring(0, name.lastIndexOf(':')) : name)
        .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
  }
}
