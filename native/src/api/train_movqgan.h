// The MoVQGAN part of a training job's options; see train_job.h.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <memory>

#include "api/job_options.h"
#include "training/task.h"

namespace lumina::api {

std::unique_ptr<training::Task> movqgan_task(JobOptions& job, std::uint64_t seed,
                                             at::ScalarType compute, at::Device device);

}  // namespace lumina::api
