package io.github.lumina4j.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How gradients become updates of the weights. */
public enum Optimizer {
  /** AdamW on every weight (Loshchilov and Hutter, arXiv:1711.05101). */
  ADAMW,
  /**
   * Muon (Jordan et al. 2024) on the matrices of a transformer's layers and on the convolutions
   * between MoVQGAN's hidden layers, AdamW on all other weights. Updates are scaled so that
   * learning rates of AdamW fit (Liu et al., arXiv:2502.16982). Fresh models learn faster with it;
   * a step takes a little longer.
   */
  MUON;

  /** Its name in options, lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The optimiser of that {@link #id}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Optimizer byId(String id) {
    return Arrays.stream(values())
        .filter(optimizer -> optimizer.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no optimizer is called '"
                        + id
                        + "'; known: "
                        + Arrays.stream(values())
                            .map(Optimizer::id)
                            .collect(Collectors.joining(", "))));
  }
}
