import { enableMultiplyAdd } from '../debug-adapter/node-engine';

enableMultiplyAdd();
