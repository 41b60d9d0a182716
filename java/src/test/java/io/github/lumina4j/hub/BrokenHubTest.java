package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that cut, stall, lie and refuse. */
class BrokenHubTest extends PullFixture {
  private final AtomicInteger count = new AtomicInteger();

  /** Answers for the weights in {@code hook}'s way. */
  private void weightsBy(FakeHub.Hook hook) {
    hub.get = (exchange, path) -> path.equals(WEIGHTS) && hook.answer(exchange, path);
  }

  private byte[] other() {
    byte[] other = weights().clone();
    other[5 * CHUNK + 3] ^= 1;
    return other;
  }

  @Test
  void a_connection_that_is_cut_again_and_again_goes_on_where_it_was() throws IOException {
    weightsBy(
        (exchange, path) -> {
          hub.range(exchange, weights(), 10_000);
          return true;
        });
    assertComplete(pull());
    assertThat(hub.served.get()).isLessThan(WEIGHT_BYTES + 1000);
  }

  @Test
  void a_connection_that_is_always_cut_at_once_is_given_up() {
    weightsBy(
        (exchange, path) -> {
          hub.range(exchange, weights(), 0);
          return true;
        });
    fail(ErrorCode.IO, WEIGHTS, "localhost", "the connection was cut, 4 times in a row");
  }

  @Test
  void a_server_that_ignores_ranges_is_asked_for_the_whole_file() throws IOException {
    weightsBy(
        (exchange, path) -> {
          hub.whole(exchange, weights(), WEIGHT_BYTES);
          return true;
        });
    assertComplete(pull());
  }

  @Test
  void a_server_that_ignores_ranges_may_cut_too() throws IOException {
    weightsBy(
        (exchange, path) -> {
          hub.whole(exchange, weights(), 3 * CHUNK * count.incrementAndGet() + 5);
          return true;
        });
    assertComplete(pull());
    // Since it has begun anew a few times.
    assertThat(hub.served.get()).isGreaterThan(WEIGHT_BYTES);
  }

  @Test
  void servers_that_know_ranges_and_others_may_alternate() throws IOException {
    weightsBy(
        (exchange, path) -> {
          if (count.incrementAndGet() % 2 == 0) {
            hub.whole(exchange, weights(), 2 * CHUNK + 9);
          } else {
            hub.range(exchange, weights(), CHUNK - 1);
          }
          return true;
        });
    assertComplete(pull());
  }

  @Test
  void fewer_bytes_than_asked_for_are_welcome() throws IOException {
    weightsBy(
        (exchange, path) -> {
          int from = FakeHub.from(exchange);
          int to = Math.min(FakeHub.to(exchange), from + 49_999);
          FakeHub.header(exchange, "Content-Range", "bytes " + from + "-" + to + "/*");
          exchange.sendResponseHeaders(206, to - from + 1);
          hub.send(exchange, weights(), from, to - from + 1);
          return true;
        });
    assertComplete(pull());
    assertThat(hub.served).hasValue(bytesWanted());
  }

  private long bytesWanted() {
    return hub.files.entrySet().stream()
        .filter(file -> !Set.of("README.md", "optimizer.bin").contains(file.getKey()))
        .mapToLong(file -> file.getValue().length)
        .sum();
  }

  @Test
  void a_pull_that_ended_early_goes_on_with_what_is_there() throws IOException {
    weightsBy(
        (exchange, path) -> {
          if (count.incrementAndGet() > 4) {
            return FakeHub.text(exchange, 416, "");
          }
          return false;
        });
    fail(ErrorCode.IO, "status 416");
    weightsBy((exchange, path) -> false);
    hub.served.set(0);
    hub.ranges.clear();
    PulledModel model = pull();
    assertComplete(model);
    assertThat(hub.ranges.stream().filter(range -> range.startsWith(WEIGHTS))).hasSize(6);
    assertThat(hub.served).hasValue(model.downloaded());
    assertThat(model.downloaded()).isLessThanOrEqualTo(bytesWanted() - 4 * CHUNK);
  }

  @Test
  void a_connection_that_stalls_is_replaced() throws IOException {
    stall = Duration.ofMillis(400);
    Set<Integer> stalled = ConcurrentHashMap.newKeySet();
    weightsBy(
        (exchange, path) -> {
          int from = FakeHub.from(exchange);
          if (from % (2 * CHUNK) != 0 || !stalled.add(from)) {
            return false;
          }
          String range = exchange.getRequestHeaders().getFirst("Range").replace('=', ' ');
          FakeHub.header(exchange, "Content-Range", range + "/" + WEIGHT_BYTES);
          exchange.sendResponseHeaders(206, FakeHub.to(exchange) - from + 1);
          hub.send(exchange, weights(), from, 50);
          return hub.hang();
        });
    assertComplete(pull());
    assertThat(stalled).hasSize(5);
  }

  @Test
  void a_hub_that_never_answers_is_given_up() {
    stall = Duration.ofMillis(100);
    hub.list = (exchange, path) -> hub.hang();
    fail(ErrorCode.IO, "127.0.0.1: nothing came for 0.1 s, 4 times in a row");
  }

  @Test
  void cancelling_ends_a_pull_that_waits_for_bytes() throws IOException {
    CancellationToken token = new CancellationToken();
    weightsBy(
        (exchange, path) -> {
          if (FakeHub.from(exchange) < 3 * CHUNK) {
            return false;
          }
          token.cancel();
          return hub.hang();
        });
    assertThatThrownBy(() -> client().pull(PullRequest.of(FakeHub.REPO), PullListener.NONE, token))
        .isInstanceOf(GenerationCancelledException.class);
    assertNothingVisible();
    hub.get = (exchange, path) -> false;
    hub.served.set(0);
    assertComplete(pull());
    assertThat(hub.served.get()).isLessThanOrEqualTo(bytesWanted() - 3 * CHUNK);
  }

  @Test
  void cancelling_ends_a_pull_that_waits_for_the_list_or_to_try_again() {
    CancellationToken token = new CancellationToken();
    hub.list =
        (exchange, path) -> {
          token.cancel();
          return hub.hang();
        };
    assertThatThrownBy(() -> client().pull(PullRequest.of(FakeHub.REPO), PullListener.NONE, token))
        .isInstanceOf(GenerationCancelledException.class);
    CancellationToken second = new CancellationToken();
    hub.list =
        (exchange, path) -> {
          FakeHub.header(exchange, "Retry-After", "5");
          FakeHub.text(exchange, 503, "");
          exchange.close();
          second.cancel();
          return true;
        };
    assertThatThrownBy(() -> client().pull(PullRequest.of(FakeHub.REPO), PullListener.NONE, second))
        .isInstanceOf(GenerationCancelledException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {WEIGHTS, "tokenizer.json"})
  void a_file_with_the_wrong_hash_is_fetched_once_more_and_then_refused(String name)
      throws IOException {
    byte[] right = hub.files.get(name);
    byte[] wrong = right.clone();
    wrong[right.length / 2] ^= 1;
    hub.get =
        (exchange, path) -> {
          if (path.equals(name)) {
            hub.range(exchange, wrong, right.length);
          }
          return path.equals(name);
        };
    fail(
        ErrorCode.CHECKPOINT,
        "org/model: " + name + ": damaged on the way",
        "not " + FakeHub.hash(name, right));
    assertThat(
            PartialFile.bytesIn(
                repoFolder()
                    .resolve("blobs")
                    .resolve(FakeHub.hash(name, right) + RepoFolder.PARTIAL)))
        .isZero();
    assertThat(repoFolder().resolve("blobs").resolve(FakeHub.hash(name, right))).doesNotExist();
    hub.get = (exchange, path) -> false;
    assertComplete(pull());
  }

  @Test
  void damage_that_passes_is_repaired() throws IOException {
    weightsBy(
        (exchange, path) -> {
          int from = FakeHub.from(exchange);
          boolean first = from == 5 * CHUNK && count.incrementAndGet() == 1;
          hub.range(exchange, first ? other() : weights(), CHUNK);
          return true;
        });
    assertComplete(pull());
    assertThat(count).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Linked-Size, 100, 'its list says size 589901, its answer 100'",
    "X-Linked-Etag, '\"0000\"', 'its answer 0000'",
    "X-Repo-Commit, 2222, 'its answer 2222'",
  })
  void a_hub_that_contradicts_itself_is_not_believed(String header, String value, String message) {
    hub.head =
        (exchange, path) -> {
          if (!path.equals(WEIGHTS)) {
            return false;
          }
          FakeHub.header(exchange, "X-Linked-Etag", "\"" + FakeHub.hash(path, weights()) + "\"");
          FakeHub.header(exchange, "X-Linked-Size", Integer.toString(WEIGHT_BYTES));
          FakeHub.header(exchange, "Location", hub.address() + "/nowhere");
          FakeHub.header(exchange, header, value);
          exchange.sendResponseHeaders(302, -1);
          return true;
        };
    fail(ErrorCode.CHECKPOINT, WEIGHTS + ": the hub contradicts itself", message);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 0-65535/100, 'a file of 100 bytes comes'",
    "bytes 1-65535/589901, 'other bytes come than were asked for'",
    "bytes 0-99999/589901, 'other bytes come than were asked for'",
    "none, 'other bytes come than were asked for'",
  })
  void other_bytes_than_asked_for_are_refused(String range, String message) {
    weightsBy(
        (exchange, path) -> {
          if (FakeHub.from(exchange) != 0) {
            return hub.hang();
          }
          FakeHub.header(exchange, "Content-Range", range);
          exchange.sendResponseHeaders(206, CHUNK);
          hub.send(exchange, weights(), 0, CHUNK);
          return true;
        });
    fail(ErrorCode.CHECKPOINT, WEIGHTS, message);
  }

  @Test
  void a_file_of_another_size_is_refused() {
    weightsBy(
        (exchange, path) -> {
          hub.whole(exchange, new byte[100], 100);
          return true;
        });
    fail(ErrorCode.CHECKPOINT, WEIGHTS + ": a file of 100 bytes comes");
  }

  @Test
  void more_bytes_than_announced_are_refused() {
    weightsBy(
        (exchange, path) -> {
          exchange.sendResponseHeaders(200, 0); // a body of any length
          byte[] endless = new byte[CHUNK];
          try {
            while (true) {
              exchange.getResponseBody().write(endless);
            }
          } catch (IOException e) {
            return true; // the reader went away
          }
        });
    fail(ErrorCode.CHECKPOINT, WEIGHTS + ": more bytes come than the hub has announced");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void an_answer_that_passes_is_waited_for(int status) throws IOException {
    Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    FakeHub.Hook once =
        (exchange, path) -> {
          String key = exchange.getRequestMethod() + exchange.getRequestURI();
          int times = asked.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet();
          return times == 1 && FakeHub.text(exchange, status, "");
        };
    hub.list = once;
    hub.head = once;
    hub.get = (exchange, path) -> path.equals("config.json") && once.answer(exchange, path);
    assertComplete(pull());
    assertThat(asked.keySet()).hasSize(2 + 4 + 1);
    assertThat(asked.values()).allSatisfy(times -> assertThat(times).hasValueGreaterThan(1));
  }

  @Test
  void the_wait_a_server_asks_for_is_kept_if_it_is_reasonable() throws IOException {
    List<Long> times = new ArrayList<>();
    hub.list =
        (exchange, path) -> {
          times.add(System.nanoTime());
          FakeHub.header(exchange, "Retry-After", "1");
          return count.incrementAndGet() == 1 && FakeHub.text(exchange, 429, "");
        };
    assertComplete(pull());
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(1_000_000_000L);
    hub.list =
        (exchange, path) -> {
          FakeHub.header(exchange, "Retry-After", "3600");
          return FakeHub.text(exchange, 429, "");
        };
    assertThatThrownBy(this::pull)
        .hasMessageContaining("too many requests (status 429); it asks to wait 3600 s");
  }

  @ParameterizedTest
  @CsvSource({
    "500, IO, 'the server fails (status 500), 4 times in a row'",
    "418, IO, '127.0.0.1 answers with status 418'",
    "404, CHECKPOINT, 'org/model: not on the hub, or the token has no access to it'",
    "401, IO, 'the hub does not accept the token'",
    "403, IO, 'access is denied; the token has no access to it'",
  })
  void a_refusal_says_what_to_do(int status, ErrorCode code, String message) {
    hub.list = (exchange, path) -> FakeHub.text(exchange, status, "<html>" + FakeHub.TOKEN);
    fail(code, message);
  }

  @Test
  void a_refusal_without_a_token_says_so() {
    variables.remove("HF_TOKEN");
    hub.list = (exchange, path) -> FakeHub.text(exchange, 401, "");
    fail(ErrorCode.CHECKPOINT, "no such public model", "give a token in HF_TOKEN");
    hub.list =
        (exchange, path) -> {
          FakeHub.header(exchange, "X-Error-Code", "GatedRepo");
          return FakeHub.text(exchange, 401, "");
        };
    fail(ErrorCode.IO, "org/model is gated: accept its conditions", "give a token in HF_TOKEN");
  }

  @Test
  void a_gated_file_says_so_too() {
    hub.head =
        (exchange, path) -> {
          FakeHub.header(exchange, "X-Error-Code", "GatedRepo");
          return FakeHub.text(exchange, 403, "");
        };
    fail(ErrorCode.IO, "org/model is gated", "so far the token has no access to it");
  }

  @Test
  void an_address_of_the_storage_that_ran_out_is_replaced() throws IOException {
    Set<String> located = ConcurrentHashMap.newKeySet();
    weightsBy(
        (exchange, path) ->
            count.incrementAndGet() % 4 == 2 && FakeHub.text(exchange, 403, "expired"));
    hub.head =
        (exchange, path) -> {
          located.add(path + count.get());
          return false;
        };
    assertComplete(pull());
    assertThat(located.stream().filter(name -> name.startsWith(WEIGHTS))).hasSizeGreaterThan(1);
    weightsBy((exchange, path) -> FakeHub.text(exchange, 403, "never"));
    Files.delete(repoFolder().resolve("blobs").resolve(FakeHub.hash(WEIGHTS, weights())));
    assertThatThrownBy(this::pull).hasMessageContaining("status 403, 4 times in a row");
  }

  @ParameterizedTest
  @CsvSource({
    "LOOP, 'redirects again and again'",
    "file:///etc/passwd, 'not safe to follow'",
    "http://user:password@localhost/, 'not safe to follow'",
    "ftp://localhost/x, 'not safe to follow'",
    "'http://[', 'not safe to follow'",
  })
  void a_redirect_to_nowhere_is_refused(String target, String message) {
    hub.list =
        (exchange, path) -> {
          FakeHub.header(exchange, "Location", target.equals("LOOP") ? path : target);
          return FakeHub.text(exchange, 307, "");
        };
    fail(ErrorCode.IO, message);
  }

  @Test
  void a_repository_that_was_renamed_is_followed_with_the_token() throws IOException {
    hub.list =
        (exchange, path) -> {
          if (exchange.getRequestURI().getQuery() == null) {
            FakeHub.header(exchange, "Location", path + "?moved");
            return FakeHub.text(exchange, 307, "");
          }
          return false;
        };
    assertComplete(pull());
    assertThat(hub.hubTokens).containsOnly("Bearer " + FakeHub.TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../escape.json",
        "/tmp/escape.json",
        "a/../../../escape.safetensors",
        "a//b.json",
        "./config.json",
        "a\\b.json",
        "C:x.json",
        "movqgan?.json",
        "caf\u00e9.json",
      })
  void a_name_that_could_lead_out_of_the_cache_is_refused(String name) throws IOException {
    hub.extra.add(new FakeHub.Listed(name, 1, "a".repeat(FakeHub.large(name) ? 64 : 40)));
    assertThatThrownBy(() -> pull(including("*")))
        .hasMessageContaining("'" + name + "', which is refused");
    assertNothingVisible();
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(path -> path.toString().contains("escape"))).isEmpty();
    }
    assertThat(hub.ranges).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "", "xyz", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void a_hash_that_is_none_is_refused(String hash) {
    hub.extra.add(new FakeHub.Listed("x.json", 1, hash));
    fail(ErrorCode.IO, "127.0.0.1 does not answer as a hub does");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>log in</html>", "{}", "{\"sha\":\"../..\"}", "[]", ""})
  void a_page_of_something_else_is_told_apart(String page) {
    hub.list = (exchange, path) -> FakeHub.text(exchange, 200, page);
    fail(ErrorCode.IO, "does not answer as a hub does; check HF_ENDPOINT and the proxy");
  }

  @Test
  void a_list_that_goes_on_elsewhere_is_refused() {
    hub.list =
        (exchange, path) -> {
          FakeHub.header(exchange, "Link", "<http://localhost:1/x>; rel=\"next\"");
          return false;
        };
    fail(ErrorCode.IO, "continues its list elsewhere");
  }

  @Test
  void a_hub_that_is_not_there_is_named() {
    hub.close();
    fail(ErrorCode.IO, "127.0.0.1: no connection, 4 times in a row");
    variables.put("HF_ENDPOINT", "http://no-such-host.invalid");
    fail(ErrorCode.IO, "no-such-host.invalid: the host is not known");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62})
  void a_size_that_no_file_has_is_refused(long size) {
    hub.extra.add(new FakeHub.Listed("x.json", size, "a".repeat(40)));
    fail(ErrorCode.IO, "does not answer as a hub does");
  }

  @Test
  void a_cache_that_cannot_be_written_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    variables.put("HF_HUB_CACHE", file.toString());
    fail(ErrorCode.IO, "cannot write to " + file);
    assertThat(HubFailures.disk("x", new IOException("No space left on device")))
        .hasMessage(
            "cannot write x: No space left on device; what has arrived is kept, and the same"
                + " request continues from there");
  }
}
