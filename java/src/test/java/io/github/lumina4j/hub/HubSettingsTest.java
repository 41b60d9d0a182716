package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>(Map.of("HOME", "/home/me"));

  private HubSettings settings() {
    return new HubSettings(variables);
  }

  @Test
  void the_cache_is_where_huggingface_hub_has_it() {
    assertThat(settings().cache()).hasToString("/home/me/.cache/huggingface/hub");
    variables.put("XDG_CACHE_HOME", "/xdg");
    assertThat(settings().cache()).hasToString("/xdg/huggingface/hub");
    variables.put("HF_HOME", "~/hf");
    assertThat(settings().cache()).hasToString("/home/me/hf/hub");
    variables.put("SCRATCH", "/scratch");
    variables.put("HUGGINGFACE_HUB_CACHE", "$SCRATCH/old/../hub");
    assertThat(settings().cache()).hasToString("/scratch/hub");
    variables.put("HF_HUB_CACHE", "${SCRATCH}/new$UNSET");
    assertThat(settings().cache()).hasToString("/scratch/new$UNSET");
    variables.put("HF_HUB_CACHE", "");
    assertThat(settings().cache()).hasToString("/scratch/hub");
  }

  private String token() {
    return settings().token().map(AccessToken::header).orElse("none");
  }

  @Test
  void the_token_is_in_a_variable_or_a_file() throws IOException {
    assertThat(token()).isEqualTo("none");
    variables.put("HF_HOME", folder.toString());
    Files.writeString(folder.resolve("token"), "hf_file\n");
    assertThat(token()).isEqualTo("Bearer hf_file");
    Files.writeString(folder.resolve("other"), "hf_other");
    variables.put("HF_TOKEN_PATH", folder.resolve("other").toString());
    assertThat(token()).isEqualTo("Bearer hf_other");
    variables.put("HUGGING_FACE_HUB_TOKEN", "hf_old");
    assertThat(token()).isEqualTo("Bearer hf_old");
    variables.put("HF_TOKEN", " hf_new ");
    assertThat(token()).isEqualTo("Bearer hf_new");
    assertThat(settings().token().orElseThrow().toString()).doesNotContain("hf_new");
  }

  @Test
  void a_token_that_is_none_is_refused_without_showing_it() {
    variables.put("HF_TOKEN", "hf_a\nX-Header: b");
    assertThatThrownBy(() -> settings().token())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HF_TOKEN: not a token")
        .hasMessageNotContaining("hf_a");
  }

  @Test
  void the_hub_may_be_elsewhere() {
    assertThat(settings().endpoint()).hasToString("https://huggingface.co");
    variables.put("HF_ENDPOINT", "http://mirror.example:8080/hf/");
    assertThat(settings().endpoint()).hasToString("http://mirror.example:8080/hf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mirror", "ftp://x", "https://", "https://a:b@x", "https://x?y", "https://["})
  void an_address_that_is_no_hub_is_refused(String text) {
    variables.put("HF_ENDPOINT", text);
    assertThatThrownBy(() -> settings().endpoint())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HF_ENDPOINT: ")
        .hasMessageNotContaining("a:b");
  }

  @ParameterizedTest
  @CsvSource({"1,true", "ON,true", "Yes,true", "true,true", "0,false", "'',false", "off,false"})
  void offline_is_asked_for_by_name(String value, boolean offline) {
    variables.put("HF_HUB_OFFLINE", value);
    assertThat(settings().offline()).isEqualTo(offline);
  }

  private String proxy(String uri) {
    Proxy proxy = settings().proxies().select(URI.create(uri)).get(0);
    return proxy.address() instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort()
        : "none";
  }

  @Test
  void a_proxy_is_for_its_scheme() {
    assertThat(proxy("https://huggingface.co/x")).isEqualTo("none");
    variables.put("HTTPS_PROXY", "http://secure:3128");
    variables.put("ALL_PROXY", "plain:8080");
    assertThat(proxy("https://huggingface.co/x")).isEqualTo("secure:3128");
    assertThat(proxy("http://huggingface.co/x")).isEqualTo("plain:8080");
    variables.put("https_proxy", "http://small");
    assertThat(proxy("https://huggingface.co/x")).isEqualTo("small:80");
  }

  @ParameterizedTest
  @CsvSource({
    "huggingface.co, none",
    ".huggingface.co, none",
    "*.huggingface.co, none",
    "'a, co', none",
    "*, none",
    "huggingface.co:443, none",
    "huggingface.co:80, proxy:1",
    "face.co, proxy:1",
    "cdn.huggingface.co, proxy:1",
    "'', proxy:1",
  })
  void hosts_may_be_excepted(String excepted, String expected) {
    variables.put("HTTPS_PROXY", "http://proxy:1");
    variables.put("NO_PROXY", excepted);
    assertThat(proxy("https://huggingface.co/x")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://me:pass@x:1", "http://", "http://me:pass@", "https://me:pass@x"})
  void a_proxy_that_cannot_be_used_is_refused_without_showing_its_password(String text) {
    variables.put("HTTPS_PROXY", text);
    assertThatThrownBy(() -> proxy("https://huggingface.co"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HTTPS_PROXY: ")
        .hasMessageNotContaining("pass");
  }
}
