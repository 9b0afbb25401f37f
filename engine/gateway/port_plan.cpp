#include "port_plan.h"

namespace streamscope::gateway {
namespace {

constexpr int kPortsTried = 100;
constexpr int kPortMax = 65'535;

/// An any-free port of 127.0.0.1 can be taken on ::1; the next one then will do.
constexpr int kAnyPortTries = 20;

base::Status openAnyPort(Listener& listener) {
  asio::error_code error;
  for (int i = 0; i < kAnyPortTries; ++i) {
    error = listener.open(0);
    if (!error) return {};
  }
  return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR,
                    "No port of 127.0.0.1 could be opened: " + error.message() + ".");
}

}  // namespace

base::Result<PortPlan> openListeners(asio::io_context& context, int32_t brokers, uint16_t basePort) {
  PortPlan plan;
  std::map<base::BrokerId, asio::error_code> refused;
  for (base::BrokerId broker = 1; broker <= brokers; ++broker) {
    Listener& listener = *(plan.listeners[broker] = std::make_unique<Listener>(context));
    if (basePort == 0) {
      if (auto opened = openAnyPort(listener); !opened) return base::fail(opened.error());
      continue;
    }
    const int wanted = basePort + broker - 1;
    const asio::error_code error = wanted > kPortMax ? make_error_code(asio::error::invalid_argument)
                                                     : listener.open(static_cast<uint16_t>(wanted));
    if (error) refused.emplace(broker, error);
  }
  // Only when every broker has had its own port: nobody takes a neighbour's.
  int next = basePort + brokers;
  const int end = std::min(next + kPortsTried, kPortMax + 1);
  for (const auto& [broker, error] : refused) {
    Listener& listener = *plan.listeners[broker];
    while (next < end && listener.open(static_cast<uint16_t>(next))) ++next;
    const std::string wanted = std::to_string(basePort + broker - 1);
    const std::string problem = error == asio::error::address_in_use
                                    ? "Port " + wanted + " is in use"
                                    : "Port " + wanted + " cannot be opened (" + error.message() + ")";
    if (!listener.isOpen())
      return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR,
                        problem + ", and no port up to " + std::to_string(end - 1) + " is free for broker " +
                            std::to_string(broker) + "; choose another first port.");
    plan.notices.push_back(problem + "; broker " + std::to_string(broker) + " listens on " + std::to_string(next) +
                           ".");
    ++next;
  }
  return plan;
}

}  // namespace streamscope::gateway
