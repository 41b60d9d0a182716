package io.github.lumina4j.springai;

import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.ImageSize;
import org.springframework.ai.image.ImageGenerationMetadata;

/**
 * How a picture came about.
 *
 * @param seed that makes it again
 * @param size in pixels
 * @param stats figures
 */
public record LuminaImageMetadata(long seed, ImageSize size, GenerationStats stats)
    implements ImageGenerationMetadata {}
