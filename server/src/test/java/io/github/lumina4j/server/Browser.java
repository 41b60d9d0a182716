package io.github.lumina4j.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, and the hands of who sits before it. */
final class Browser implements AutoCloseable {
  // Held, as loggers are not by anybody else: it has a word on every version of Chromium.
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one; where none is installed, the tests that want one are skipped. */
  static Browser start() {
    Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
    Optional<Path> chromedriver = onPath("chromedriver");
    assumeTrue(
        chromium.isPresent() && chromedriver.isPresent(),
        "no chromium and chromedriver here to test the web page with: ci/setup.sh tests");
    SELENIUM.setLevel(Level.SEVERE);
    // Both programs are named, so that Selenium looks for none and fetches none.
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.get().toFile())
            .usingAnyFreePort()
            .withLogOutput(OutputStream.nullOutputStream())
            .build();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments(
        "--headless=new",
        "--window-size=1200,900",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox"); // Chromium's wish; it sees pages of ours alone
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return new Browser(new ChromeDriver(service, options));
  }

  private static Optional<Path> onPath(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  void open(URI address) {
    driver.get(address.toString());
  }

  /** What the first element of the selector is like now; the page may replace it any time. */
  private WebElement the(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  String text(String selector) {
    return the(selector).getText();
  }

  /** What a field holds. */
  String value(String selector) {
    return the(selector).getDomProperty("value");
  }

  String attribute(String selector, String name) {
    return the(selector).getDomAttribute(name);
  }

  boolean shown(String selector) {
    return the(selector).isDisplayed();
  }

  boolean enabled(String selector) {
    return the(selector).isEnabled();
  }

  void click(String selector) {
    the(selector).click();
  }

  /** Puts a text into a field, in the place of what is there. */
  void fill(String selector, String text) {
    WebElement field = the(selector);
    field.clear();
    field.sendKeys(text);
  }

  /** Chooses from a list. */
  void choose(String selector, String value) {
    the(selector + " option[value='" + value + "']").click();
  }

  /** Presses keys, one after the other, wherever the focus is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  void pressWithControl(Keys key) {
    new Actions(driver).keyDown(Keys.CONTROL).sendKeys(key).keyUp(Keys.CONTROL).perform();
  }

  /** Runs a script in the page, with {@code arguments[0]} and so on, and returns its result. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** The red of the leftmost pixels of a picture, from top to bottom; none if it has not loaded. */
  List<Integer> leftColumn(String selector) {
    Object column =
        run(
            """
            const image = document.querySelector(arguments[0]);
            if (!image?.complete || !image.naturalWidth) return [];
            const canvas = document.createElement("canvas");
            canvas.width = image.naturalWidth;
            canvas.height = image.naturalHeight;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, 1, canvas.height).data;
            return [...pixels].filter((value, i) => i % 4 === 0);
            """,
            selector);
    return ((List<?>) column).stream().map(red -> ((Number) red).intValue()).toList();
  }

  /** Makes the window as narrow as that of a phone. */
  void phone(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
  }

  void noPhone() {
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  /** The names that the visible fields and buttons have for who does not see the page. */
  List<String> names(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream()
        .filter(WebElement::isDisplayed)
        .map(WebElement::getAccessibleName)
        .toList();
  }

  /** What was logged since the last call: of the page, or of the network. */
  List<String> log(String type) {
    return driver.manage().logs().get(type).getAll().stream().map(LogEntry::getMessage).toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
