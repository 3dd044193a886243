import { render } from "preact";
import { App } from "./app";
import "./style/base.css";
import "./style/layout.css";
import "./style/parts.css";
import "./style/forms.css";
import "./style/risk.css";

const root = document.getElementById("page");
if (root) render(<App />, root);
