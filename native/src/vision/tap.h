// A window into a forward pass: for tests that compare stages with the reference, and for whoever
// wants to stop a picture that takes minutes.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace lumina::vision {

// An empty tap costs nothing.
class Tap {
 public:
  // Called with the name of a module (as its tensors are named) and its output [B, C, H, W], which
  // is overwritten after the call: copy what must last.
  using Watch = std::function<void(const std::string& name, const at::Tensor& output)>;

  Tap() = default;
  template <typename Function, typename = std::enable_if_t<std::is_invocable_v<
                                   Function, const std::string&, const at::Tensor&>>>
  Tap(Function watch) : watch_(std::move(watch)) {}  // NOLINT(google-explicit-constructor)

  // A tap that sees no outputs, so that nothing is computed differently for its sake: `check` is
  // called after every stage and may throw to end the pass.
  static Tap between_stages(std::function<void()> check) {
    Tap tap;
    tap.check_ = std::move(check);
    return tap;
  }

  bool watches() const { return static_cast<bool>(watch_); }

  void operator()(const std::string& name, const at::Tensor& output) const {
    if (watch_) watch_(name, output);
    if (check_) check_();
  }

 private:
  Watch watch_;
  std::function<void()> check_;
};

}  // namespace lumina::vision
