// The transformer part of a training job's options; see train_job.h.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <memory>

#include "api/job_options.h"
#include "training/transformer_task.h"

namespace lumina::api {

// `accumulation`: micro-batches per update.
std::unique_ptr<training::TransformerTask> transformer_task(JobOptions& job, std::uint64_t seed,
                                                            at::ScalarType compute,
                                                            at::Device device,
                                                            std::int64_t accumulation);

}  // namespace lumina::api
