package io.github.lumina4j;

/**
 * Hears about a request while it runs and sees its picture grow. Any {@link Generator} takes one in
 * place of a {@link ProgressListener}:
 *
 * <pre>{@code
 * PreviewListener listener = preview -> show(preview.image());
 * pipeline.generate(request, listener, null);
 * }</pre>
 */
@FunctionalInterface
public interface PreviewListener extends ProgressListener {
  /**
   * Called for each new row of codes, after {@link #onProgress} for the same step; for the last
   * step only, if it decided several rows. Rows of a given picture are there from the start and are
   * not announced. The same rules as for {@link ProgressListener#onProgress} hold, except that
   * {@code preview} may be looked at: nothing is computed before that, so a listener that wants one
   * row in four just returns three times.
   */
  void onPreview(Preview preview);

  /** Does nothing, unless overridden. */
  @Override
  default void onProgress(Progress progress) {}
}
