package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two applications of one server, each with the jars of its own. */
class SecondClassLoaderTest {
  private static URLClassLoader another() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void the_second_is_told_what_to_do() throws Exception {
    NativeTokenizers.load();
    try (URLClassLoader loader = another()) {
      Class<?> second = Class.forName(NativeTokenizers.class.getName(), true, loader);
      assertThat(second).isNotSameAs(NativeTokenizers.class);
      Method load = second.getDeclaredMethod("load");
      load.setAccessible(true);
      Throwable failure = catchThrowable(() -> load.invoke(null)).getCause();
      assertThat(failure.getClass().getName()).isEqualTo("io.github.lumina4j.DeviceException");
      assertThat(failure.getMessage())
          .contains("already loaded in another classloader: a native library serves one")
          .doesNotContain("\n");
    }
  }
}
