#include "api/quantize_job.h"

#include <c10/core/InferenceMode.h>

#include <chrono>

#include "lumina/status.h"
#include "model/quantized_folder.h"
#include "quant/formats.h"

namespace lumina::api {

void run_quantize(const std::string& from, const std::string& format, const std::string& to,
                  Observer* observer, const CancellationFlag* flag) {
  constexpr std::int64_t kParts = 1000;
  const c10::InferenceMode guard;
  const auto start = std::chrono::steady_clock::now();
  model::write_quantized(from, quant::find_format(format), to, [&](double share) {
    Progress progress;
    progress.phase = Progress::kEncode;
    progress.tokens_done = static_cast<std::int64_t>(share * kParts);
    progress.tokens_total = kParts;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    progress.seconds = seconds.count();
    const bool stopped = flag != nullptr && flag->is_cancelled();
    if (stopped || (observer != nullptr && !observer->on_progress(progress))) {
      throw Error(ErrorCode::kCancelled, "quantising cancelled");
    }
  });
}

}  // namespace lumina::api
