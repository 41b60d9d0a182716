package io.github.lumina4j.springai;

import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaPipeline;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.observation.DefaultImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * An image model, and the pipeline that it draws with, from the properties {@code lumina4j.*}. An
 * application that has an image model gets none, one that has a {@link Generator} of its own no
 * pipeline, and one whose {@code spring.ai.model.image} is not {@code lumina4j} neither.
 */
@AutoConfiguration
@ConditionalOnProperty(
    name = SpringAIModelProperties.IMAGE_MODEL,
    havingValue = LuminaImageModel.PROVIDER,
    matchIfMissing = true)
@ConditionalOnMissingBean(ImageModel.class)
@EnableConfigurationProperties(LuminaProperties.class)
public class LuminaAutoConfiguration {
  /** Loads the model; closed, with what it draws cancelled, when the application ends. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(Generator.class)
  LuminaPipeline luminaPipeline(LuminaProperties properties) {
    return LuminaPipeline.open(properties.pipelineOptions());
  }

  @Bean
  LuminaImageModel luminaImageModel(
      Generator generator,
      LuminaProperties properties,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<ImageModelObservationConvention> convention) {
    return new LuminaImageModel(
        generator,
        properties.imageOptions(),
        observations.getIfUnique(() -> ObservationRegistry.NOOP),
        convention.getIfUnique(DefaultImageModelObservationConvention::new));
  }
}
