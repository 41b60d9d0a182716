package io.github.lumina4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.logging.LogType;

/** The web page in a browser, used as people use it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PageInBrowserTest extends ServerTest {
  private static final String CARD = "#gallery figure:not(#growing)";
  private static final String PICTURE = CARD + " img";

  /** What {@link FakeGenerator#rough} shows. */
  private static final int GREY = 99;

  private static Browser browser;

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void leave() {
    browser.open(URI.create("about:blank"));
    browser.noPhone();
  }

  private void open(String name, ServerOptions.Builder options) {
    start(name, options);
    browser.open(server.uri());
    until(() -> browser.text("#model").equals(name));
  }

  private void open() {
    open("fake", options());
  }

  private void draw(String prompt, String size, long seed) {
    browser.fill("#prompt", prompt);
    browser.fill("#size", size);
    browser.fill("#seed", Long.toString(seed));
    browser.click("#draw");
  }

  private void untilDone(int pictures) {
    until(() -> browser.count(CARD) == pictures && browser.text("#message").equals("Done."));
  }

  /** Rows of pixels of the preview that are drawn. */
  private static int drawn() {
    List<Integer> column = browser.leftColumn("#preview");
    int rows = 0;
    while (rows < column.size() && column.get(rows) == GREY) {
      rows++;
    }
    return rows;
  }

  private static void drop(RgbImage picture) {
    browser.run(
        """
        const bytes = Uint8Array.from(atob(arguments[0]), (c) => c.charCodeAt(0));
        const dropped = new DataTransfer();
        dropped.items.add(new File([bytes], "given.png", { type: "image/png" }));
        for (const type of ["dragover", "drop"]) {
          document.querySelector("#gallery").dispatchEvent(
            new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }
        """,
        Base64.getEncoder().encodeToString(png(picture)));
  }

  private static String focus() {
    return (String)
        browser.run(
            "const now = document.activeElement;"
                + " return now.id || now.className || now.tagName.toLowerCase();");
  }

  @Test
  void a_picture_grows_and_ends_in_the_gallery() {
    generator.heldRow = 4;
    generator.held = true;
    open();
    draw("a red fox", "128x128", 7);
    until(() -> drawn() == 4 * 8);
    assertThat(browser.leftColumn("#preview")).hasSize(128);
    assertThat(browser.shown("#preview")).isTrue();
    assertThat(browser.text("#message")).isEqualTo("row 4 of 16");
    assertThat(browser.value("#progress")).isEqualTo("4");
    assertThat(browser.enabled("#draw")).isFalse();
    generator.heldRow = 8;
    until(() -> drawn() == 8 * 8);
    generator.held = false;
    untilDone(1);
    until(() -> browser.leftColumn(PICTURE).size() == 128);
    assertThat(browser.leftColumn(PICTURE).subList(64, 128)).containsOnly(7);
    assertThat(browser.shown("#preview")).isFalse();
    assertThat(browser.shown("#cancel")).isFalse();
    assertThat(browser.enabled("#draw")).isTrue();
    assertThat(browser.text(CARD + " .prompt")).isEqualTo("a red fox");
    assertThat(browser.text(CARD + " .facts")).startsWith("t2i · 128x128 · seed 7 · ");
    assertThat(browser.attribute(CARD + " .save", "download")).isEqualTo("lumina-7.png");
    assertThat(generator.prompts()).containsExactly("a red fox");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_picture_is_cancelled(boolean byKey) throws Exception {
    generator.held = true;
    open();
    draw("a red fox", "64x64", 7);
    await(generator.begun);
    until(() -> browser.shown("#cancel"));
    if (byKey) {
      browser.press(Keys.ESCAPE);
    } else {
      browser.click("#cancel");
    }
    await(generator.cancelled);
    until(() -> browser.text("#message").equals("Cancelled."));
    assertThat(browser.shown("#cancel")).isFalse();
    assertThat(browser.count(CARD)).isZero();
    generator.held = false;
    browser.click("#draw");
    untilDone(1);
    assertThat(generator.prompts()).containsExactly("a red fox", "a red fox");
  }

  @Test
  void a_picture_that_is_dropped_is_edited_turn_by_turn() {
    open();
    RgbImage given = picture(64, 64);
    drop(given);
    assertThat(browser.value("#task")).isEqualTo("edit");
    until(() -> browser.shown("#given"));
    draw("make it night", "64x64", 3);
    untilDone(1);
    browser.click(CARD + " .edit");
    assertThat(browser.value("#prompt")).isEmpty();
    assertThat(browser.value("#size")).isEqualTo("64x64");
    assertThat(focus()).isEqualTo("prompt");
    draw("add a star", "64x64", 9);
    untilDone(2);
    browser.click(CARD + ":last-child .reuse"); // the first picture's: the newest stands first
    assertThat(browser.value("#prompt")).isEqualTo("make it night");
    browser.click("#draw");
    untilDone(3);

    assertThat(generator.requests).extracting(r -> r.task().name()).containsOnly("edit");
    assertThat(generator.prompts()).containsExactly("make it night", "add a star", "make it night");
    List<RgbImage> starts = generator.requests.stream().map(r -> r.image().orElseThrow()).toList();
    assertThat(starts.get(0)).isEqualTo(given);
    assertThat(starts.get(1)).isEqualTo(plain((byte) 3));
    assertThat(starts.get(2)).isEqualTo(given);
  }

  @Test
  void the_bar_of_an_edit_counts_the_rows_that_are_drawn() {
    generator.heldRow = 16;
    generator.held = true;
    open();
    drop(picture(64, 64));
    until(() -> browser.shown("#given"));
    draw("make it night", "64x64", 3);
    until(() -> browser.text("#message").equals("row 8 of 8"));
    assertThat(browser.value("#progress")).isEqualTo("8");
    until(() -> drawn() == 64); // nothing is left of the checkerboard
    generator.held = false;
    untilDone(1);
  }

  /** The answer of an edit with that seed: the lower half of what the fake draws. */
  private static RgbImage plain(byte level) {
    byte[] pixels = new byte[3 * 64 * 64];
    Arrays.fill(pixels, level);
    return new RgbImage(64, 64, pixels);
  }

  @Test
  void settings_of_a_picture_are_used_again() {
    open();
    browser.click("summary");
    browser.fill("#n", "2");
    browser.fill("#guidance_scale", "4.5");
    browser.fill("#top_k", "12");
    browser.fill("#temperature", "0.8");
    browser.choose("#speculate", "gum");
    draw("two foxes", "96x64", 5);
    untilDone(2);
    for (String field : List.of("prompt", "size", "seed", "guidance_scale", "top_k")) {
      browser.fill("#" + field, "");
    }
    browser.choose("#speculate", "");
    browser.choose("#task", "pair-depth");
    browser.click(CARD + " .reuse");
    assertThat(browser.value("#prompt")).isEqualTo("two foxes");
    assertThat(browser.value("#task")).isEqualTo("t2i");
    assertThat(browser.value("#seed")).isEqualTo("6");
    assertThat(browser.value("#n")).isEqualTo("1");
    browser.click("#draw");
    untilDone(3);
    List<GenerationRequest> requests = generator.requests;
    assertThat(requests.get(2)).isEqualTo(requests.get(1)).isNotEqualTo(requests.get(0));
    assertThat(requests.get(2).sampling().temperature()).isEqualTo(0.8);
  }

  @Test
  void a_phone_has_no_horizontal_scrolling() {
    browser.phone(360, 740);
    open("Lumina" + "x".repeat(60), options());
    assertNarrow();
    browser.click("summary");
    browser.choose("#task", "edit");
    drop(picture(640, 64));
    until(() -> browser.shown("#given"));
    assertNarrow();
    draw("y".repeat(200), "64x64", 3);
    untilDone(1);
    assertNarrow();
    draw("z".repeat(200), "x".repeat(3), 3); // refused by the field itself
    browser.fill("#size", "1000001x1");
    browser.click("#draw");
    until(() -> "bad".equals(browser.attribute("#message", "class")));
    assertNarrow();
    assertThat(browser.count(CARD)).isEqualTo(1);
  }

  private static void assertNarrow() {
    Object widest =
        browser.run(
            """
            const visible = [...document.querySelectorAll("body *")]
              .filter((one) => one.checkVisibility() && getComputedStyle(one).opacity !== "0");
            return Math.max(
              document.documentElement.scrollWidth,
              ...visible.map((one) => Math.ceil(one.getBoundingClientRect().right)));
            """);
    assertThat(((Number) widest).intValue()).isLessThanOrEqualTo(360);
  }

  @Test
  void nothing_is_asked_of_anybody_else() {
    browser.log(LogType.PERFORMANCE);
    browser.log(LogType.BROWSER);
    open();
    draw("a red fox", "128x128", 7);
    untilDone(1);
    browser.click(CARD + " .edit");
    draw("add a star", "128x128", 8);
    untilDone(2);
    List<String> asked = new ArrayList<>();
    for (String entry : browser.log(LogType.PERFORMANCE)) {
      JsonNode message = json(entry).get("message");
      if (message.get("method").textValue().equals("Network.requestWillBeSent")) {
        asked.add(message.at("/params/request/url").textValue());
      }
    }
    String here = server.uri().toString();
    assertThat(asked)
        .contains(here, here + "app.js", here + "v1/tasks", here + "v1/images/edits")
        .allSatisfy(url -> assertThat(url).containsPattern("^(blob:|data:)?" + here + "|^data:"));
    assertThat(browser.log(LogType.BROWSER)).isEmpty();
  }

  @Test
  void the_keyboard_is_enough() throws Exception {
    generator.held = true;
    open();
    assertThat(focus()).isEqualTo("prompt");
    browser.press("a red fox");
    browser.pressWithControl(Keys.ENTER);
    await(generator.begun);
    until(() -> browser.shown("#cancel"));
    browser.press(Keys.ESCAPE);
    await(generator.cancelled);
    generator.held = false;
    until(() -> browser.enabled("#draw"));
    browser.pressWithControl(Keys.ENTER);
    untilDone(1);
    assertThat(generator.prompts()).containsExactly("a red fox", "a red fox");

    browser.click(CARD + " .edit");
    List<String> way = new ArrayList<>();
    for (String at = focus(); !way.contains(at) && !at.equals("body"); at = focus()) {
      way.add(at);
      assertThat(seen()).as(at).isTrue();
      browser.press(Keys.TAB);
    }
    assertThat(way)
        .containsExactly(
            "prompt",
            "task",
            "description",
            "drop",
            "size",
            "n",
            "seed",
            "summary",
            "draw",
            "reuse",
            "edit",
            "save");
  }

  /** Whether who has the focus can be seen. */
  private static boolean seen() {
    return (Boolean)
        browser.run(
            """
            const box = document.activeElement.getBoundingClientRect();
            return box.width > 4 && box.height > 4
              && document.activeElement.checkVisibility({ checkOpacity: true });
            """);
  }

  @Test
  void the_place_for_a_picture_opens_by_key() {
    open();
    browser.choose("#task", "edit");
    browser.run(
        """
        document.querySelector("#file").addEventListener("click", (event) => {
          event.preventDefault();
          document.title = "asked for a file";
        });
        document.querySelector("#drop").focus();
        """);
    browser.press(Keys.ENTER);
    assertThat(browser.run("return document.title")).isEqualTo("asked for a file");
  }

  @Test
  void everything_has_a_name() {
    open();
    draw("a red fox", "64x64", 7);
    untilDone(1);
    browser.click(CARD + " .edit");
    browser.click("summary");
    assertThat(browser.names("input:not(#file), select, textarea, button, a, img, #drop"))
        .hasSizeGreaterThan(15)
        .allSatisfy(name -> assertThat(name).isNotBlank());
  }

  @Test
  void what_the_server_refuses_is_told() {
    open();
    draw("a red fox", "100x100", 7);
    until(() -> "bad".equals(browser.attribute("#message", "class")));
    assertThat(browser.text("#message")).contains("100x100");
    draw("a red fox", "64x64", 7);
    untilDone(1);
    assertThat(browser.attribute("#message", "class")).isEmpty();
  }

  @Test
  void a_full_queue_is_told() throws Exception {
    generator.held = true;
    open("fake", options().queue(1, 1));
    List<CompletableFuture<?>> others = new ArrayList<>();
    others.add(generateLater("{\"prompt\":\"drawn\"}"));
    await(generator.begun);
    others.add(generateLater("{\"prompt\":\"waits\"}"));
    until(() -> waiting() == 1);
    draw("a red fox", "64x64", 7);
    until(() -> browser.text("#message").contains("(again in "));
    generator.held = false;
    others.forEach(CompletableFuture::join);
    browser.click("#draw");
    untilDone(1);
  }

  @Test
  void a_server_that_stops_is_told() throws Exception {
    generator.held = true;
    open();
    draw("a red fox", "64x64", 7);
    await(generator.begun);
    until(() -> browser.text("#message").startsWith("row "));
    server.stop(Duration.ZERO);
    until(() -> browser.text("#message").contains("stopping"));
    assertThat(browser.enabled("#draw")).isTrue();
  }

  @Test
  void a_key_is_asked_for_and_used() {
    start(options().apiKey("secret"));
    browser.open(server.uri());
    until(() -> focus().equals("key"));
    assertThat(browser.text("#message")).contains("API key");
    browser.press("wrong", Keys.ENTER);
    until(() -> focus().equals("key")); // it was elsewhere until the answer came
    browser.press("secret", Keys.ENTER);
    until(() -> browser.text("#model").equals("fake"));
    until(() -> !browser.shown("#key"));
    draw("a red fox", "64x64", 7);
    untilDone(1);
  }
}
