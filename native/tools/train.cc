// lumina_train JOB.json: runs a training job (src/api/train_job.h) where there is no Java, such as
// a bare machine with a GPU. Prints a line now and then, and the model's folder at the end. Ctrl-C
// writes a checkpoint; the same job goes on from there.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "lumina/bindings.h"

namespace {

lumina::CancellationFlag stop;

void on_signal(int) { stop.cancel(); }

class Lines : public lumina::TrainingObserver {
 public:
  bool on_step(const lumina::TrainingProgress& progress) override {
    const bool validated = progress.metrics.find("validation_") != std::string::npos;
    if (validated || progress.seconds >= next_ || progress.step == progress.steps) {
      std::printf("step %lld of %lld, %.0f s, rate %.2e, %s\n",
                  static_cast<long long>(progress.step), static_cast<long long>(progress.steps),
                  progress.seconds, progress.learning_rate, progress.metrics.c_str());
      std::fflush(stdout);
      next_ = progress.seconds + 10.0;
    }
    return true;
  }

 private:
  double next_ = 0.0;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: lumina_train JOB.json\n");
    return 2;
  }
  std::ifstream in(arguments[1], std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "lumina_train: %s cannot be read\n", arguments[1]);
    return 2;
  }
  const std::string job(std::istreambuf_iterator<char>(in), {});
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  Lines lines;
  lumina::TrainingSummary summary;
  lumina::Status status;
  lumina::train(job, &lines, &stop, summary, status);
  if (status.code != 0) {
    std::fprintf(stderr, "lumina_train: %s\n", status.message.c_str());
    return 1;
  }
  std::printf("%s\n", summary.model.c_str());
  return 0;
}
