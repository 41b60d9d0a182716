package io.github.lumina4j.presets;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/**
 * How JavaCPP maps the engine's binding header; the only place that knows the native layout. The
 * generated classes are package-private business of {@code io.github.lumina4j.internal}.
 *
 * <p>libtorch is preloaded from the jars of the JavaCPP presets without loading the presets' own
 * JNI library, which is large and not needed.
 */
@Properties(
    value =
        @Platform(
            value = "linux-x86_64",
            compiler = "cpp17",
            include = {
              "lumina/status.h",
              "lumina/types.h",
              "lumina/training.h",
              "lumina/bindings.h"
            },
            link = "lumina",
            // The last three are in the jars for CUDA alone; what is not found is passed over.
            preload = {
              "gomp@.1",
              "quadmath@.0",
              "gfortran@.5",
              "openblas@.0",
              "c10",
              "torch_cpu",
              "c10_cuda",
              "torch_cuda_linalg",
              "torch_cuda"
            },
            preloadresource = {"/org/bytedeco/openblas/", "/org/bytedeco/pytorch/"}),
    target = "io.github.lumina4j.internal",
    global = "io.github.lumina4j.internal.NativeLumina")
public class LuminaPresets implements InfoMapper {
  @Override
  public void map(InfoMap infoMap) {
    infoMap
        .put(new Info("LUMINA_API", "noexcept").cppTypes().annotations())
        .put(new Info("lumina::Error").skip())
        .put(new Info("lumina::ErrorCode").skip())
        // Vectors cross by their set_ and _data functions.
        .put(new Info("lumina::TokenIds::grid", "lumina::TokenIds::released_grid").skip())
        .put(new Info("lumina::Request::prompt", "lumina::Request::given").skip())
        .put(new Info("lumina::Image::pixels", "lumina::Codes::values").skip())
        .put(new Info("lumina::Stats::codes_per_pass", "lumina::Results::all").skip())
        .put(new Info("lumina::Image").pointerTypes("NativeImage"))
        .put(new Info("lumina::Codes").pointerTypes("NativeCodes"))
        .put(new Info("lumina::Text").pointerTypes("NativeText"))
        .put(new Info("lumina::Status").pointerTypes("NativeStatus"))
        .put(new Info("lumina::Stats").pointerTypes("NativeStats"))
        .put(new Info("lumina::Result").pointerTypes("NativeResult"))
        .put(new Info("lumina::Results").pointerTypes("NativeResults"))
        .put(new Info("lumina::Request").pointerTypes("NativeRequest"))
        .put(new Info("lumina::Progress").pointerTypes("NativeProgress"))
        .put(new Info("lumina::TokenIds").pointerTypes("NativeTokenIds"))
        .put(new Info("lumina::EngineOptions").pointerTypes("NativeEngineOptions"))
        .put(new Info("lumina::SamplingOptions").pointerTypes("NativeSamplingOptions"))
        .put(new Info("lumina::DecodingOptions").pointerTypes("NativeDecodingOptions"))
        .put(new Info("lumina::CancellationFlag").pointerTypes("NativeCancellationFlag"))
        .put(new Info("lumina::Engine").pointerTypes("NativeEngine"))
        .put(new Info("lumina::Observer").pointerTypes("NativeObserver").virtualize())
        .put(new Info("lumina::TrainingProgress").pointerTypes("NativeTrainingProgress"))
        .put(new Info("lumina::TrainingSummary").pointerTypes("NativeTrainingSummary"))
        .put(
            new Info("lumina::TrainingObserver")
                .pointerTypes("NativeTrainingObserver")
                .virtualize());
  }
}
