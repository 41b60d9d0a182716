package io.github.lumina4j.cli;

import java.lang.reflect.Proxy;

/**
 * Ctrl-C as the signal that it is. Every JDK can handle signals, but only through classes outside
 * the standard, so they are asked for by name: without them Ctrl-C goes on ending the program.
 */
final class SignalInterrupts implements Interrupts {
  @Override
  public Held hold(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object own =
          Proxy.newProxyInstance(
              SignalInterrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == args[0];
                    default -> "Ctrl-C";
                  });
      Object interrupt = signal.getConstructor(String.class).newInstance("INT");
      Object before = signal.getMethod("handle", signal, handler).invoke(null, interrupt, own);
      return () -> {
        try {
          signal.getMethod("handle", signal, handler).invoke(null, interrupt, before);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (ReflectiveOperationException e) {
      return () -> {};
    }
  }

  @Override
  public void end() {
    // The hook of Shutdown does the rest.
    Runtime.getRuntime().exit(ExitCodes.CANCELLED);
  }
}
