import { createFileRoute } from "@tanstack/react-router";
import { type ModelPickerSlot, SettingsPage } from "@/features/account/SettingsPage";
import { ModelPicker } from "@/features/models/ModelPicker";

export const Route = createFileRoute("/_app/settings")({ component: Settings });

const modelPicker: ModelPickerSlot = (props) => <ModelPicker {...props} />;

function Settings() {
  return <SettingsPage modelPicker={modelPicker} />;
}
