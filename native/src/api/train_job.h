// Training jobs as JSON text describes them.
#pragma once

#include <string>

#include "lumina/training.h"

namespace lumina::api {

// Trains and returns a summary. `options`, an object; numbers and texts as named below, defaults in
// brackets:
//
//   kind               "movqgan"
//   output             the run's folder (training/run_folder.h)
//   threads            [0: one per core]
//   precision          "fp32" or "bf16" of the computation ["fp32"]; weights are kept in fp32
//   seed [0], steps, batch_size [8], accumulation [1]
//   learning_rate [2e-5], min_learning_rate [0], warmup_steps [0], weight_decay [0], clip [4]
//   beta1 [0.9], beta2 [0.95]
//   save_every [500], keep [2], validate_every [0], validation_records [0], max_seconds [0]
//
// for movqgan:
//   sources            [{"path", "weight" [1]}, ..]: files of pixel records
//   from               a MoVQGAN file to go on from, or instead
//   channels, multipliers, num_res_blocks, attention, codebook_size, embed_dim, z_channels
//   crop [0], l2_weight [1], codebook_weight [1], commitment [0.25], free_steps [200],
//   restart_every [50], restart_until [0.8]
//
// Throws Error(kInvalidArgument) for an option that is unknown, missing or out of range, and what
// training::train throws.
TrainingSummary run_training(const std::string& options, TrainingObserver* observer,
                             const CancellationFlag* flag);

}  // namespace lumina::api
