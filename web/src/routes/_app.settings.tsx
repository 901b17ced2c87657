import { createFileRoute } from "@tanstack/react-router";
import { type ModelPickerSlot, type ParamsFormSlot, SettingsPage } from "@/features/account/SettingsPage";
import { DefaultParams } from "@/features/chats/DefaultParams";
import { ModelPicker } from "@/features/models/ModelPicker";
import { SharesSection } from "@/features/shares/SharesSection";
import { DataSection } from "@/features/transfers/DataSection";

export const Route = createFileRoute("/_app/settings")({ component: Settings });

const modelPicker: ModelPickerSlot = (props) => <ModelPicker {...props} />;
const paramsForm: ParamsFormSlot = (props) => <DefaultParams {...props} />;

function Settings() {
  return (
    <SettingsPage modelPicker={modelPicker} paramsForm={paramsForm}>
      <SharesSection />
      <DataSection />
    </SettingsPage>
  );
}
