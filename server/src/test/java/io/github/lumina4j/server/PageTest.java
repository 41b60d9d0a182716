package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.Tasks;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest extends ServerTest {
  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

  @Test
  void the_page_and_all_it_names_come_from_here_without_a_key() {
    start(options().apiKey("secret"));
    HttpResponse<String> page = get("");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    Matcher links = LINK.matcher(page.body());
    int count = 0;
    while (links.find()) {
      assertThat(links.group(1)).doesNotContain(":").doesNotStartWith("//");
      assertThat(get(links.group(1)).statusCode()).as(links.group(1)).isEqualTo(200);
      count++;
    }
    assertThat(count).isEqualTo(3);
    assertThat(page.body() + get("app.js").body() + get("style.css").body())
        .doesNotContainPattern("https?://|@import|\\bstyle=|\\bon[a-z]+=\"");
  }

  @Test
  void a_head_request_has_no_body() {
    start(options());
    HttpResponse<String> head =
        send(builder("").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElseThrow()).isPositive();
  }

  @Test
  void every_id_that_the_script_looks_up_is_in_the_page() {
    start(options());
    String page = get("").body();
    Matcher ids = Pattern.compile("\\$\\(\"([a-z_-]+)\"\\)").matcher(get("app.js").body());
    assertThat(ids.results().map(id -> id.group(1)).distinct())
        .hasSizeGreaterThan(10)
        .allSatisfy(id -> assertThat(page).contains("id=\"" + id + "\""));
  }

  @Test
  void tasks_are_listed_with_what_they_need() {
    start(options());
    JsonNode list = json(get("v1/tasks")).get("data");
    assertThat(list).hasSize(Tasks.builtIn().size());
    for (JsonNode task : list) {
      assertThat(task.get("image").booleanValue())
          .isEqualTo(Tasks.byName(task.get("name").textValue()).needsImage());
    }
  }
}
