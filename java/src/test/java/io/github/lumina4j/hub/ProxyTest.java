package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.lumina4j.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that answers for a hub whose name only it knows. */
class ProxyTest extends PullFixture {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer proxy;

  @BeforeEach
  void startProxy() throws IOException {
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext("/", this::answer);
    proxy.start();
    variables.put("HTTP_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.getAddress().getPort());
  }

  @AfterEach
  void stopProxy() {
    proxy.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestURI().getHost()
            + " "
            + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
    FakeHub.text(exchange, 404, "");
    exchange.close();
  }

  @Test
  void requests_go_through_the_proxy_with_its_password() {
    variables.put("HF_ENDPOINT", "http://hub.invalid");
    fail(ErrorCode.CHECKPOINT, "not on the hub");
    assertThat(asked).containsExactly("hub.invalid Basic bWU6cEBzcw==");
  }

  @Test
  void hosts_that_are_excepted_are_asked_directly() throws IOException {
    variables.put("NO_PROXY", "127.0.0.1,localhost");
    assertComplete(pull());
    assertThat(asked).isEmpty();
    assertThat(String.join("\n", hub.storageHeaders)).doesNotContainIgnoringCase("proxy-auth");
  }
}
