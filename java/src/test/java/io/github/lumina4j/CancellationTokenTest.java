package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTokenTest {
  private final CancellationToken token = new CancellationToken();
  private final List<String> ran = new ArrayList<>();

  private Runnable failing(String name, Throwable failure) {
    return () -> {
      ran.add(name);
      CancellationTokenTest.<RuntimeException>sneak(failure);
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void all_actions_run_and_the_first_failure_comes_out_with_the_others() {
    IllegalStateException first = new IllegalStateException("first");
    AssertionError second = new AssertionError("second");
    token.onCancel(() -> ran.add("a"));
    token.onCancel(failing("b", first));
    token.onCancel(() -> ran.add("c"));
    token.onCancel(failing("d", second));
    token.onCancel(() -> ran.add("e"));
    assertThatThrownBy(token::cancel).isSameAs(first).hasSuppressedException(second);
    assertThat(ran).containsExactly("a", "b", "c", "d", "e");
    assertThat(token.isCancelled()).isTrue();
  }

  @Test
  void an_error_comes_out_as_it_is() {
    AssertionError error = new AssertionError("no");
    token.onCancel(failing("a", error));
    token.onCancel(() -> ran.add("b"));
    assertThatThrownBy(token::cancel).isSameAs(error);
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void actions_run_once() {
    token.onCancel(() -> ran.add("a"));
    token.cancel();
    token.cancel();
    token.onCancel(() -> ran.add("late"));
    token.cancel();
    assertThat(ran).containsExactly("a", "late");
  }

  @Test
  void a_registration_that_ended_does_not_run() {
    token.onCancel(() -> ran.add("a")).close();
    token.cancel();
    assertThat(ran).isEmpty();
  }
}
