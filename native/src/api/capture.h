// The one place where exceptions become a Status.
#pragma once

#include <functional>

#include "lumina/status.h"

namespace lumina::api {

// Runs `body`; whatever it throws ends up in `status`, one line of text. Sets code 0 on success.
void capture(Status& status, const std::function<void()>& body) noexcept;

}  // namespace lumina::api
