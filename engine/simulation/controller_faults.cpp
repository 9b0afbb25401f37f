#include "controller_faults.h"

#include <vector>

#include "fault_targets.h"
#include "machine_faults.h"

namespace streamscope::simulation {

using lab::LabDescription;

void killController(base::Random& random, const LabDescription& lab, Fault& fault) {
  const int32_t controller = drawControllerOrActive(random, lab);
  fault.breaks = {lab::KillController{controller}};
  fault.repairs = {lab::StartController{controller}};
}

void stopController(base::Random& random, const LabDescription& lab, Fault& fault) {
  const int32_t controller = drawControllerOrActive(random, lab);
  fault.breaks = {lab::StopController{controller}};
  fault.repairs = {lab::StartController{controller}};
}

void pauseController(base::Random& random, const LabDescription& lab, Fault& fault) {
  const int32_t controller = drawControllerOrActive(random, lab);
  fault.breaks = {lab::PauseController{controller}};
  fault.repairs = {lab::ResumeController{controller}};
}

void killEveryController(base::Random&, const LabDescription& lab, Fault& fault) {
  for (const int32_t controller : controllerIdsOf(lab)) fault.breaks.push_back(lab::KillController{controller});
  fault.repairs = {lab::StartController{0}};
}

void isolateController(base::Random& random, const LabDescription& lab, Fault& fault) {
  const int32_t controller = drawController(random, lab);
  if (lab.controllers > 1)
    cutFromOtherControllers(lab, controller, fault);
  else
    cutFromControllers(lab, drawBroker(random, lab), fault);
}

void cutPowerOfControllers(base::Random& random, const LabDescription& lab, Fault& fault) {
  std::vector<world::Address> nodes;
  const bool isAll = random.chance(1, 4);
  const int32_t one = drawController(random, lab);
  for (const int32_t controller : controllerIdsOf(lab))
    if (isAll || controller == one || random.chance(1, 4)) nodes.push_back(world::controllerAddress(controller));
  fault.breaks = {lab::CutPower{nodes}};
  for (const world::Address node : nodes) fault.repairs.push_back(lab::StartController{node.id});
}

void slowDiskOfController(base::Random& random, const LabDescription& lab, Fault& fault) {
  slowDiskOf(world::controllerAddress(drawController(random, lab)), random, fault);
}

void skewClockOfController(base::Random& random, const LabDescription& lab, Fault& fault) {
  skewClockOf(world::controllerAddress(drawController(random, lab)), random, fault);
}

}  // namespace streamscope::simulation
